"""What is said to the person when consent is asked, in the language in which it is explained."""

from collections.abc import Callable

from mobile.flows.draft import Draft
from mobile.flows.labels import INFORMATION
from mobile.locale import Words


def read_aloud(say: Words, draft: Draft, name: Callable[[str], str]) -> tuple[str, ...]:
    """Paragraphs, with whom and what is allowed so far. `name` gives a provider's name."""
    days = say.plural("{n} day", "{n} days", draft.asked.days)
    return (
        say(
            "I would like to ask others to help you. Before I tell them anything, I ask you. You"
            " decide whom I tell, and what."
        ),
        *(_recipient(say, draft, place, name(each)) for place, each in enumerate(draft.shortlist)),
        say("Nobody else will see it. They may use it only to help you, for {time}.", time=days),
        say(
            "You can say no, to all of it or to a part. Nobody may be angry with you for that, and"
            " you can still get help. You can change your mind at any time and tell me."
        ),
        say("Do you have questions? Do you agree?"),
    )


def _recipient(say: Words, draft: Draft, place: int, name: str) -> str:
    kinds = draft.asked.kinds.get(draft.shortlist[place], ())
    told = say.list(say(text) for key, text in INFORMATION.items() if key in kinds)
    if place == 0:
        whom = say("First I would ask {name}.", name=name)
    else:
        whom = say("If they cannot help, I would ask {name}.", name=name)
    return whom if not told else f"{whom} {say('I would tell them: {kinds}.', kinds=told)}"
