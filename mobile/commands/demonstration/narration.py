"""The demo's voice: short steps with ticks, in Arabic, French or English.

Arabic is printed in the order in which it is read; the terminal joins and turns it.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

LANGUAGES = ("ar", "fr", "en")


def load_words() -> dict[str, dict[str, str]]:
    """key -> language -> words, from `narration.json`."""
    raw = (files(__package__) / "narration.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(raw)
    return found


class Narrator:
    """Tells the demo on `console`; `seconds` is what each act took, by its key."""

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.language = language
        self.seconds: dict[str, float] = {}
        self._words = load_words()

    def words(self, key: str, **values: object) -> str:
        """The words of that key in the demo's language."""
        shown = {name: escape(str(value)) for name, value in values.items()}
        return self._words[key][self.language].format(**shown)

    @contextmanager
    def act(self, key: str, **values: object) -> Iterator[None]:
        """One act under a heading, timed."""
        self.console.print()
        self.console.rule(
            f"[bold]{self.words(key, **values)}[/]", align="left", style="cyan", characters="─"
        )
        began = time.perf_counter()
        yield
        self.seconds[key] = round(time.perf_counter() - began, 2)

    def done(self, key: str, **values: object) -> None:
        """A step that worked."""
        self._line("[bold green]✓[/]", self.words(key, **values))

    def turned(self, key: str, **values: object) -> None:
        """A step that went another way than hoped, as steps do."""
        self._line("[bold yellow]↷[/]", self.words(key, **values))

    def note(self, key: str, **values: object) -> None:
        """Something to know."""
        self._line("[cyan]·[/]", self.words(key, **values))

    def failed(self, text: str) -> None:
        """Something that does not hold."""
        self._line("[bold red]✗[/]", escape(text))

    def quote(self, text: str) -> None:
        """Words of the case or of a rule, set apart."""
        self._set_apart(text, "italic")

    def reason(self, rule: str, source: str, answers: Iterable[str]) -> None:
        """Why something was found: the published rule, its source, the answers it rests on."""
        self._set_apart(f"— {rule}")
        self._set_apart(f"  {source}", "dim")
        for each in answers:
            self._set_apart(f"  · {each}", "cyan")

    def exchange(self, question: str, answer: str) -> None:
        """A question of the talk and what was answered, if anything."""
        self._set_apart(question)
        self._set_apart(f"  {answer or '—'}", "cyan")

    def section(self, title: str, lines: Iterable[str]) -> None:
        """A titled block of a screen."""
        self._set_apart(title, "bold")
        for each in lines:
            self._set_apart(f"  {each}", "italic")

    def table(self, table: Table) -> None:
        """A table, set apart."""
        self.console.print(Padding(table, (0, 0, 0, 4)))

    def _set_apart(self, text: str, style: str = "") -> None:
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, 6)))

    def _line(self, mark: str, words: str) -> None:
        grid = Table.grid(padding=(0, 1))
        grid.add_row(" " + mark, words)
        self.console.print(grid)
