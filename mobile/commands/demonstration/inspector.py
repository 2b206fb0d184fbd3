"""The labour inspector's part: screening in Arabic, findings, help, consent, sealing, sending.

Every step is an action of the app's own screens; what is told is what those screens show.
"""

from attrs import frozen
from rich import box
from rich.table import Table

from mobile.casework.phone import Phone
from mobile.casework.views import ScreeningRecord
from mobile.commands.demonstration import cast
from mobile.commands.demonstration.narration import Narrator
from mobile.commands.demonstration.processes import DemoError
from mobile.flows.consent import ConsentFlow
from mobile.flows.findings import FindingsFlow
from mobile.flows.interview import InterviewFlow
from mobile.flows.labels import INFORMATION
from mobile.flows.new_screening import NewScreeningFlow
from mobile.flows.parts import Goto
from mobile.flows.person import PersonFlow
from mobile.flows.providers import ProvidersFlow
from mobile.flows.review import ReviewFlow
from mobile.locale import Words
from protocols.screening.model import Kind

SCREENED_IN = "ar"


@frozen
class Inspector:
    """The inspector's phone, showing its screens in `words`."""

    phone: Phone
    words: Words
    tell: Narrator

    def screen(self) -> ScreeningRecord:
        """The interview, question by question, each answer in the vault before the next."""
        begin = NewScreeningFlow(self.phone, self.words)
        begin.choose_checklist(cast.CHECKLIST)
        begin.choose_language(SCREENED_IN)
        begin.choose_division(cast.DIVISION)
        begin.begin()
        interview = InterviewFlow(self.phone, self.words, _led_to("interview", begin.view.leads_to))
        section = ""
        while (view := interview.view).leads_to is None:
            if view.section != section:
                section = view.section
                self.tell.note("section", title=section)
            self.tell.exchange(view.text, _respond(interview))
        self.tell.done("screened", answers=len(interview.record.interview.answers))
        return interview.record

    def find(self, screening: str) -> None:
        """The findings, each with the rule and the answers that led to it."""
        screen = FindingsFlow(self.phone, self.words, screening)
        view = screen.view
        for finding in view.findings:
            self.tell.done("finding", title=finding.title)
            self.tell.quote(finding.text)
            for reason in finding.reasons:
                self.tell.reason(reason.rule, reason.source, reason.answers)
        self.tell.note("needs_found", needs=view.needs, urgency=view.urgency)
        screen.refer()
        _led_to("person", screen.view.leads_to)

    def choose_help(self, screening: str) -> tuple[str, ...]:
        """About the person; then the directory, ranked offline with reasons; the demo's two
        shelters are chosen, best first."""
        person = PersonFlow(self.phone, self.words, screening)
        person.choose_sex(cast.SEX)
        person.set_age(cast.AGE)
        person.choose_nationality(cast.NATIONALITY)
        person.toggle_language(SCREENED_IN)
        for field, text in cast.ABOUT.items():
            person.write(field, text)
        person.next()
        screen = ProvidersFlow(self.phone, self.words, _led_to("providers", person.view.leads_to))
        played = {each.organisation for each in cast.SHELTERS}
        shortlist = tuple(each.id for each in screen.view.ranked if each.id in played)
        if len(shortlist) != len(played):
            raise DemoError("routing did not offer both of the demo's shelters; see its reasons")
        for each in shortlist:
            screen.choose(each)
        self._show_ranking(screen)
        screen.next()
        _led_to("consent", screen.view.leads_to)
        return shortlist

    def ask_consent(self, screening: str, shortlist: tuple[str, ...]) -> None:
        """Read aloud, then asked per provider and kind; the first may know more than the other."""
        screen = ConsentFlow(self.phone, self.words, screening)
        for paragraph in screen.view.read_aloud:
            self.tell.quote(paragraph)
        for provider, kinds in zip(shortlist, cast.SHARED, strict=True):
            for kind in kinds:
                screen.toggle(provider, kind)
        screen.choose_how("spoken")
        self._show_consent(screen)
        screen.record_consent()
        _led_to("review", screen.view.leads_to)

    def seal(self, screening: str) -> str:
        """The last look, then sealed for each shelter and queued, offline; the referral's id."""
        screen = ReviewFlow(self.phone, self.words, screening)
        for part in screen.view.parts:
            titles = self.words.list(each.title for each in part.sections)
            self.tell.note("part", name=part.name, place=part.place, titles=titles)
        screen.send()
        if screen.view.leads_to is None:
            raise DemoError(f"the case was not sealed: {screen.view.problem}")
        return _led_to("sent", screen.view.leads_to)

    def _show_ranking(self, screen: ProvidersFlow) -> None:
        view, tell = screen.view, self.tell
        table = Table("", view.title, tell.words("why"), box=box.SIMPLE, header_style="bold")
        for each in view.ranked:
            table.add_row(
                each.place_text if each.place else "", each.name, " · ".join(each.reasons)
            )
        for out in view.excluded:
            table.add_row("–", out.title, out.detail, style="dim")
        tell.done("ranked", ranked=len(view.ranked), excluded=len(view.excluded))
        tell.table(table)

    def _show_consent(self, screen: ConsentFlow) -> None:
        tell = self.tell
        kinds = {kind: self.words(text) for kind, text in INFORMATION.items()}
        table = Table("", *kinds.values(), box=box.SIMPLE, header_style="bold")
        for recipient in screen.view.recipients:
            allowed = {each.key for each in recipient.kinds if each.chosen}
            table.add_row(recipient.name, *("✓" if each in allowed else "·" for each in kinds))
        tell.done("consented")
        tell.table(table)


def _respond(interview: InterviewFlow) -> str:
    """What the inspector taps: the scripted answer, or "skip" where the person gave none; the
    words that were tapped."""
    labels = {each.key: each.label for each in interview.view.choices}
    question = interview.record.interview.current
    scripted = cast.ANSWERS.get(question.key, ()) if question else ()
    chosen = (scripted,) if isinstance(scripted, str) else scripted
    if question is not None and question.kind is Kind.NOTICE:
        interview.next()
    elif not chosen:
        interview.skip()
    elif question is not None and question.kind is Kind.MULTIPLE:
        for each in chosen:
            interview.toggle(each)
        interview.confirm()
    else:
        interview.answer(chosen[0])
    return " · ".join(labels[each] for each in chosen)


def _led_to(screen: str, goto: Goto | None) -> str:
    """The record with which the app went on to `screen`. Raises DemoError if it did not."""
    if goto is None or goto.screen != screen or goto.record is None:
        raise DemoError(f"the app did not go on to the screen {screen!r}; report this")
    return goto.record
