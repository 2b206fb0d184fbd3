"""The words of a recovery sheet as somebody types them: a sheet, or what to look at again."""

from collections.abc import Iterator

from mobile.vault.errors import RecoveryError
from mobile.vault.sheets import completions, read_sheet, split
from tests.fuzz.target import Target, same, text_of


def read(data: bytes) -> object:
    words = text_of(data).split()
    for each in words:
        completions(each)
    sheet = read_sheet(words)
    same(read_sheet(sheet.words), sheet)
    return sheet


def seeds() -> Iterator[bytes]:
    for sheet in split(bytes(range(32)), 2, 3):
        yield " ".join(sheet.words).encode()
        yield " ".join(each[:4].upper() for each in sheet.words).encode()
        yield " ".join((sheet.words[0], *sheet.words[:-1])).encode()


TARGET = Target(read, (RecoveryError,), seeds, json=False, longest=2048)
