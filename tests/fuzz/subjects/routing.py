"""A routing request and a directory: every provider comes back once, with a reason in words.

An input is a JSON pair: the request, the directory.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from protocols.commands.route import DirectoryFile, plain
from protocols.errors import MalformedError
from protocols.plain import dump_json, from_plain, load_json, to_plain
from protocols.referral.request import InvalidDirectoryError, InvalidRequestError, Request
from protocols.referral.routing import rank
from tests.fuzz.fictional import NOW
from tests.fuzz.target import Target, same
from tests.test_house import HOUSE

EXAMPLES = HOUSE / "docs" / "formats"


def read(data: bytes) -> object:
    match load_json(data):
        case [asked, listed]:
            pass
        case _:
            raise MalformedError("no pair")
    request = from_plain(asked, Request)
    directory = from_plain(listed, DirectoryFile)
    same(from_plain(to_plain(request), Request), request)
    same(from_plain(to_plain(directory), DirectoryFile), directory)
    ranking = rank(request, directory.routing(), NOW)
    told = Counter(each.provider for each in (*ranking.ranked, *ranking.excluded))
    same(told, Counter(each.id for each in directory.providers))
    return [dump_json(plain(ranking, language)) for language in ("ar", "fr", "en")]


def _example(name: str) -> object:
    return load_json(Path(EXAMPLES / f"{name}.example.json").read_bytes())


def seeds() -> Iterator[bytes]:
    asked, listed = _example("request"), _example("directory")
    yield dump_json([asked, listed])
    yield dump_json([asked, {"providers": []}])


TARGET = Target(read, (MalformedError, InvalidRequestError, InvalidDirectoryError), seeds)
