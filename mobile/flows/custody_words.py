"""Who could open a case, in words: the same on the sender's screens and on the provider's."""

from attrs import frozen

from mobile.casework.custody import Custody, Holder
from mobile.casework.views import ReferralView
from mobile.flows.parts import Option
from mobile.locale import Words


@frozen
class CustodyView:
    """`lines`: which phones could open the case; `warning`: what to do where only one can, or none;
    both empty where no provider holds it."""

    title: str
    lines: tuple[str, ...] = ()
    warning: str = ""


def sent_custody(
    words: Words, found: ReferralView, custody: Custody | None, name: str
) -> CustodyView:
    """As whoever sent it sees it; `name`: the provider's."""
    view = CustodyView(words("Who can open the case"))
    if custody is None:
        return view
    ours = (
        words("On your side: this phone.")
        if found.holds_case
        else words("On your side: only the phone that sent it. It is not this one.")
    )
    warning = ""
    if not custody.holders:
        warning = words("No phone of {name} can open it now, as far as is known.", name=name)
    elif custody.only is not None:
        warning = words(
            "Only {phone} can open it. Ask {name} to have a second phone enrolled, and to share the"
            " case with it.",
            phone=custody.only.name,
            name=name,
        )
    return CustodyView(view.title, (ours, _theirs(words, custody, name)), warning)


def own_custody(words: Words, custody: Custody | None) -> CustodyView:
    """As the provider itself sees it."""
    view = CustodyView(words("Who can open the case"))
    if custody is None:
        return view
    lines = [words("This phone and your colleagues': {phones}", phones=_named(words, custody))]
    if not custody.holders:
        lines = [words("None of your phones, as far as is known.")]
    if custody.others:
        names = words.list(each.name for each in custody.others)
        lines.append(words("Cannot open it yet: {phones}", phones=names))
    return CustodyView(view.title, tuple(lines), _own_warning(words, custody))


def phone_options(words: Words, phones: tuple[Holder, ...], chosen: set[str]) -> tuple[Option, ...]:
    """Phones to choose from, each with the day on which it was certified."""
    return tuple(
        Option(
            each.keyid,
            each.name,
            each.keyid in chosen,
            words("enrolled on {date}", date=words.date(each.since)),
        )
        for each in phones
    )


def _own_warning(words: Words, custody: Custody) -> str:
    if custody.only is None:
        return ""
    if custody.others:
        return words("Only {phone} can open it. Share it below.", phone=custody.only.name)
    return words(
        "Only {phone} can open it. Ask the coordinator to enrol a second phone for your"
        " organisation, then share the case with it.",
        phone=custody.only.name,
    )


def _theirs(words: Words, custody: Custody, name: str) -> str:
    if not custody.holders:
        return words("{name}: no phone", name=name)
    return words("{name}: {phones}", name=name, phones=_named(words, custody))


def _named(words: Words, custody: Custody) -> str:
    return words.list(each.name for each in custody.holders)
