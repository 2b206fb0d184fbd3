"""Rules of the house that no linter holds."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import backend
import mobile
import protocols
from protocols.errors import AmanaError

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("protocols", "backend", "mobile")
LONGEST_FILE = 450


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((HOUSE / room).rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    ]


def error_codes() -> dict[str, set[str]]:
    """code -> the classes that state it, found in the sources without importing Kivy or Django."""
    found: dict[str, set[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ClassDef) or not node.name.endswith("Error"):
                continue
            for line in node.body:
                if (
                    isinstance(line, ast.Assign)
                    and getattr(line.targets[0], "id", "") == "code"
                    and isinstance(line.value, ast.Constant)
                ):
                    found.setdefault(str(line.value.value), set()).add(f"{path}:{node.name}")
    return found


def test_every_error_has_a_code_of_its_own() -> None:
    codes = error_codes()
    assert len(codes) > 5
    assert {code: places for code, places in codes.items() if len(places) > 1} == {}
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z_]*", code)] == []


def test_no_error_of_protocols_borrows_its_parents_code() -> None:
    for module in pkgutil.walk_packages(protocols.__path__, "protocols."):
        importlib.import_module(module.name)

    def below(kind: type[AmanaError]) -> set[type[AmanaError]]:
        return {kind}.union(*(below(each) for each in kind.__subclasses__()))

    borrowed = [kind.__name__ for kind in below(AmanaError) if "code" not in vars(kind)]
    assert borrowed == []


def test_files_stay_short_enough_to_read() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    assert {str(path): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_rooms_are_where_the_readme_says() -> None:
    for room in (protocols, backend, mobile):
        assert Path(room.__path__[0]).parent == HOUSE
