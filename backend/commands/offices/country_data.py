"""A country's organisations and providers as a file that people edit, checked on reading.

`backend/fictional/*.json` are such files, and say in every name that they are fictional.
"""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

from attrs import evolve, frozen

from protocols.errors import MalformedError
from protocols.plain import from_json
from protocols.referral.provider import Provider


@frozen
class Organisation:
    """An organisation to certify that is no provider: a field service or a coordination office."""

    id: str
    name: str


@frozen
class CountryData:
    """One country's file: `organisations` are certified by `name`, providers by English name."""

    country: str
    organisations: tuple[Organisation, ...]
    providers: tuple[Provider, ...]
    checklists: tuple[str, ...] = ()

    def names(self) -> dict[str, str]:
        """Every organisation to certify: id -> public name. Raises MalformedError on doubles."""
        pairs = [(each.id, each.name) for each in self.organisations]
        pairs += [(each.id, each.name("en")) for each in self.providers]
        if len(dict(pairs)) != len(pairs):
            raise MalformedError(f"{self.country}: two organisations share an id; rename one")
        return dict(pairs)


def read_country_data(path: Path) -> CountryData:
    """The file at `path`. Raises MalformedError."""
    return _checked(from_json(path.read_bytes(), CountryData))


def fictional(country: str, now: datetime) -> CountryData:
    """The fictional organisations and providers of `country`, their free places stated `now`."""
    raw = (files("backend") / "fictional" / f"{country}.json").read_bytes()
    data = _checked(from_json(raw, CountryData))
    providers = tuple(
        evolve(each, capacity=evolve(each.capacity, stated=now))
        if each.capacity.free_places is not None
        else each
        for each in data.providers
    )
    return evolve(data, providers=providers)


def _checked(data: CountryData) -> CountryData:
    data.names()
    if foreign := [each.id for each in data.providers if each.country != data.country]:
        raise MalformedError(f"{foreign[0]} is not in {data.country}; move it to its own file")
    return data
