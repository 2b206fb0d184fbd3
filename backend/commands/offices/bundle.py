"""The server's programme.json: the root, with every authority and server certified so far."""

from backend.commands.offices.files import make_folder, write_whole
from backend.commands.offices.folder import ProgrammeFolder
from backend.commands.offices.proposal import lacking
from backend.services.server import PROGRAMME_FILE, Bundle
from protocols.plain import from_json, to_json
from protocols.sealing.certificate import CERTIFICATE_TYPE, Certificate, Role, Root
from protocols.sealing.statement import Statement, keyid


def write_bundle(folder: ProgrammeFolder) -> None:
    """Write what a server needs to start, of each country kept here whose keepers have signed
    enough; what another office put there stays."""
    root = folder.read_root()
    make_folder(folder.server)
    file = folder.server / PROGRAMME_FILE
    known = from_json(file.read_bytes(), Bundle).statements if file.is_file() else ()
    found = {to_json(each): each for each in known}
    for country in folder.countries:
        for each in _of_country(root, folder.read_state(country).statements):
            found[to_json(each)] = each
    write_whole(file, to_json(Bundle(root, tuple(found.values()))))


def _of_country(root: Root, statements: tuple[Statement, ...]) -> list[Statement]:
    """Its authorities that the root signed, and its servers that one of those signed."""
    keys = {keyid(key): key for key in root.keys}
    read = [
        (each, from_json(each.payload, Certificate))
        for each in statements
        if each.payloadType == CERTIFICATE_TYPE
    ]
    authorities = [
        (each, found)
        for each, found in read
        if found.role is Role.AUTHORITY and not lacking(each, keys, root.threshold)
    ]
    servers = [
        each
        for each, found in read
        if found.role is Role.SERVER
        and any(not lacking(each, by.key_map, by.threshold) for _, by in authorities)
    ]
    return [*(each for each, _ in authorities), *servers]
