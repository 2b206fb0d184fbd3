// One request as JSON on standard input, its answer as JSON on standard output: see test_age_npm.py.
import * as age from "age-encryption"
import { readFileSync } from "node:fs"

const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"))
const hex = (data) => Buffer.from(data).toString("hex")

async function open({ data, identity }) {
  const text = Buffer.from(data, "hex").toString("latin1")
  const sealed = text.startsWith("-----BEGIN") ? age.armor.decode(text) : bytes(data)
  const opener = new age.Decrypter()
  opener.addIdentity(identity)
  try {
    return { opened: hex(await opener.decrypt(sealed)) }
  } catch (error) {
    return { no: error.message }
  }
}

async function seal({ data, recipients }) {
  const sealer = new age.Encrypter()
  for (const each of recipients) sealer.addRecipient(each)
  const sealed = await sealer.encrypt(bytes(data))
  return { sealed: hex(sealed), armored: age.armor.encode(sealed) }
}

async function recipient({ identity }) {
  return { recipient: await age.identityToRecipient(identity) }
}

async function make({ kind }) {
  const making = { hybrid: age.generateHybridIdentity, x25519: age.generateX25519Identity }
  const identity = await making[kind]()
  return { identity, ...(await recipient({ identity })) }
}

const request = JSON.parse(readFileSync(0, "utf8"))
console.log(JSON.stringify(await { open, seal, recipient, make }[request.do](request)))
