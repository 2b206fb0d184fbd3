"""Why a provider stands where it stands, with the names of places and countries."""

from attrs import evolve

from mobile.flows.places import division_name
from mobile.locale import Words
from protocols.referral.reasons import Reason
from protocols.referral.wording import routing_text


def reason_text(words: Words, reason: Reason) -> str:
    """The reason in the reader's language."""
    values = {
        name: ",".join(_named(words, reason.code, name, each) for each in value.split(","))
        for name, value in reason.values.items()
    }
    return routing_text(evolve(reason, values=values), words.language)


def _named(words: Words, code: str, name: str, value: str) -> str:
    if name in ("division", "divisions"):
        return division_name(words, value.partition("-")[0], value)
    if (code, name) == ("nationality", "takes"):
        return words.country(value)
    return value
