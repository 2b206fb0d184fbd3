"""What the consent screen shows."""

from attrs import frozen

from mobile.flows.parts import Field, Goto, Option


@frozen
class RecipientView:
    """One provider and what it may be told; only kinds that the case holds are asked."""

    id: str
    name: str
    kinds: tuple[Option, ...]


@frozen
class ConsentView:
    """`read_aloud`: paragraphs to say or play to the person, in `language` (`rtl`). `bases` and
    `assents` are empty for an adult who can be asked; `ground` is empty unless a legal ground must
    be stated."""

    title: str
    read_aloud_title: str
    read_aloud: tuple[str, ...]
    play_button: str
    hush_button: str
    language: str
    rtl: bool
    recipients_title: str
    recipients: tuple[RecipientView, ...]
    until_title: str
    days: str
    until: tuple[Option, ...]
    languages_title: str
    explained_in: str
    languages: tuple[Option, ...]
    how_title: str
    given_how: str
    how: tuple[Option, ...]
    witness_title: str
    witness: str
    witnesses: tuple[Option, ...]
    child: str
    bases_title: str
    decided_by: str
    bases: tuple[Option, ...]
    assents_title: str
    assents: tuple[Option, ...]
    ground: tuple[Field, ...]
    record_button: str
    refuse_button: str
    leads_to: Goto | None
