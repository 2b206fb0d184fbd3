"""What a demo writes down about itself: summary.json, verdict.txt, README.txt for a stranger."""

import json
from typing import Any

from mobile.commands.demonstration import cast
from mobile.commands.demonstration.folder import Folder
from mobile.commands.demonstration.play import Played

README = """\
One referral, played by `amana demo`. Everybody and everything in it is fictional.

amana.db           the server's whole database (SQLite; beside it what SQLite keeps while it runs)
server.log         the server's request log; server.stderr.log what else it said
programme.log      what the `amana programme` commands said
wire/              every byte that crossed the wire, recorded by a TCP relay outside our HTTP code
export.jsonl       the country's signed log, as the coordinator's phone downloaded it
root.json          the programme's public root key
timeline.txt       the referral's timeline, read from the export
verdict.txt        what `amana audit verify` said
canaries.txt       every secret string of the case, one a line
phones/            the phones' vaults, encrypted; PIN {pin}, for the demo alone
programme/         the coordinators' folder: root, authorities, the server's keys
pictures/          the app's real screens, where they could be drawn
summary.json       all of this in numbers

Check it yourself, in this folder:

  amana audit verify export.jsonl --root root.json
  amana audit show export.jsonl --root root.json --language fr
  grep -r -a -F -f canaries.txt amana.db* *.log export.jsonl wire phones   # finds nothing
  grep -a -c {referral} wire/to-server.log   # finds where it travelled

The demo itself also looked for the secrets as UTF-16, escapes, hexadecimal and base64, and inside
base64 and each table of the database. Strings of fewer than 7 characters, such as a bare "yes", are
not in canaries.txt: they would be found by chance.
"""


def summary(played: Played, pictures: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    """The demo in numbers, JSON-ready; no secret of the case is in it."""
    return {
        "ok": played.holds,
        "referral": played.referral,
        "root": played.root,
        "events": played.proof.events,
        "export_bytes": played.proof.export_bytes,
        "wire_bytes": played.wire_bytes,
        "audit": {"ok": played.proof.holds},
        "canaries": {
            "secrets": played.secrecy.secrets,
            "files": list(played.secrecy.places),
            "bytes": played.secrecy.size,
            "found": [{"place": each.place, "form": each.form} for each in played.secrecy.hits],
            "blind": list(played.secrecy.blind),
        },
        "phones": {each.name: each.organisation for each in cast.EVERYBODY},
        "pin": cast.PIN,
        "pictures": pictures,
        "seconds": seconds,
    }


def leave(folder: Folder, played: Played, told: dict[str, Any]) -> None:
    """Write README.txt, verdict.txt and summary.json."""
    readme = README.format(pin=cast.PIN, referral=played.referral)
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    (folder / "verdict.txt").write_text(played.proof.words + "\n", encoding="utf-8")
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")
