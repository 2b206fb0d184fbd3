"""What a hostile server can try: each attack by its name, with what must come of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import field, frozen

from tests.hostile.hostile_server import Lie
from tests.hostile.town import Stage


def sync(_: Stage, phone) -> object:
    """What a phone does most: send what waits, fetch what is new."""
    return phone.sync(hurry=True)


Act = Callable[[Stage, object], object]


@frozen
class Round:
    """The server tells `lies`, and the phone of `victim` acts. `says` are the codes that must come
    out; none where the lie is harmless."""

    victim: str
    lies: tuple[Lie, ...]
    says: str = ""
    act: Act = sync


@frozen
class Attack:
    """One attack. `play` prepares it and gives its rounds.

    `harmless` states why nothing need be noticed. `keeps` is False where what is true reaches the
    vault beside the lie; `proven` is True where a contradiction that the server signed itself stays
    on the phone as evidence; `parted` where the phone believed another history first and so follows
    the true one never again; `aged` where so much time passed that offers lapsed; `spoilt` where
    the log now holds, for everybody and for good, a step of the known referral that nobody may
    believe; `check` looks closer once all rounds are over and the server is
    honest.
    """

    name: str
    play: Callable[[Stage], Iterator[Round]] = field(repr=False)
    says: str
    harmless: str = ""
    keeps: bool = True
    proven: bool = False
    parted: bool = False
    aged: bool = False
    spoilt: bool = False
    requests: int = 12
    check: Callable[[Stage], None] | None = field(default=None, repr=False)


ATTACKS: dict[str, Attack] = {}


def attack(says: str = "", **more):
    """Register the generator under its name; `says` is each round's code that names none."""

    def register(play):
        name = play.__name__.replace("_", "-")
        assert name not in ATTACKS
        assert says or more.get("harmless"), name
        ATTACKS[name] = Attack(name, play, says, **more)
        return play

    return register


def modules() -> Iterator[str]:
    """The modules whose import fills the catalogue."""
    for file in sorted(Path(__file__).parent.glob("attacks_*.py")):
        yield f"tests.hostile.{file.stem}"
