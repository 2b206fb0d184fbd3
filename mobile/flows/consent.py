"""Consent: whom may what be told, until when, how it was given. Nothing is chosen beforehand."""

from typing import Any

from attrs import evolve

from mobile.flows.case import build_case
from mobile.flows.case_flow import CaseFlow, toggled
from mobile.flows.consent_text import read_aloud
from mobile.flows.consent_view import ConsentView, RecipientView
from mobile.flows.consenting import bases_for, basis_of, build_consent
from mobile.flows.draft import DAYS
from mobile.flows.labels import ASSENTS, BASES, HOW, INFORMATION, WITNESSES, options
from mobile.flows.parts import Field, Goto, Option, chosen
from mobile.flows.refusals import NotConsentedError
from mobile.locale import LANGUAGES, words
from protocols.referral.consent import STANDS_IN, Basis, How


class ConsentFlow(CaseFlow):
    """Asking for one screening's referral. Any change after it was recorded asks anew."""

    @property
    def view(self) -> ConsentView:
        """What the screen shows now."""
        say, asked, child = self.words, self.draft.asked, self.child
        spoken = words(self._spoken)
        until, languages = tuple(self._days(each) for each in DAYS), self._languages()
        how = options(say, self._ways(), [asked.how])
        witnesses = options(say, WITNESSES, [asked.witness])
        bases = options(say, {each: BASES[each] for each in bases_for(child)}, [self._basis])
        return ConsentView(
            title=say("Consent"),
            read_aloud_title=say("Say to the person"),
            read_aloud=read_aloud(spoken, self.draft, lambda each: self.name(each, spoken)),
            play_button=say("Read it aloud"),
            hush_button=say("Stop reading"),
            language=spoken.language,
            rtl=spoken.rtl,
            recipients_title=say("What may each be told?"),
            recipients=tuple(self._recipient(each) for each in self.draft.shortlist),
            until_title=say("For how long?"),
            days=chosen(until),
            until=until,
            languages_title=say("In which language was it explained?"),
            explained_in=chosen(languages),
            languages=languages,
            how_title=say("How was it given?"),
            given_how=chosen(how),
            how=how,
            witness_title=say("In whose presence?"),
            witness=chosen(witnesses),
            witnesses=witnesses,
            child=say(
                "The person is a child, or of unknown age: a guardian or the competent authority"
                " decides, and the child is asked too."
            )
            if child
            else "",
            bases_title=say("Who decides?"),
            decided_by=chosen(bases),
            bases=bases,
            assents_title=say("What does the child say?"),
            assents=options(say, ASSENTS, [asked.assent]) if child else (),
            ground=self._ground(),
            record_button=say("Record the consent"),
            refuse_button=say("The person says no"),
            leads_to=self._goto,
        )

    def toggle(self, provider: str, kind: str) -> None:
        """Allow this provider this kind of information; the same again takes it back."""
        kinds = dict(self.draft.asked.kinds)
        kinds[provider] = toggled(kinds.get(provider, ()), kind)
        self._ask(kinds=kinds)

    def set_days(self, days: str | int) -> None:
        """How long it holds: one of the days offered."""
        self._ask(days=int(days) if int(days) in DAYS else self.draft.asked.days)

    def choose_language(self, language: str) -> None:
        """The language in which it was explained."""
        self._ask(language=language)

    def choose_how(self, how: str) -> None:
        """Spoken or signed."""
        self._ask(how=str(How(how)))

    def choose_witness(self, witness: str) -> None:
        """Who else was present."""
        self._ask(witness=witness)

    def choose_basis(self, basis: str) -> None:
        """Who decided. Where nobody could be asked, a legal ground is to be written."""
        basis_chosen = Basis(basis)
        how = How.NOT_ASKED if basis_chosen is Basis.EMERGENCY else self.draft.asked.how
        if basis_chosen not in STANDS_IN and how == How.NOT_ASKED:
            how = How.SPOKEN
        self._ask(basis=str(basis_chosen), how=str(how))

    def choose_assent(self, assent: str) -> None:
        """What the child said."""
        self._ask(assent=assent)

    def write_ground(self, text: str) -> None:
        """The legal ground, where nobody could be asked."""
        self._ask(ground=text)

    def record_consent(self) -> None:
        """Keep the consent as given now, and go on to the review. Raises NotConsentedError,
        InvalidConsentError."""
        if not self.draft.shortlist:
            raise NotConsentedError("no provider is chosen; choose one first")
        given = self.phone.now
        build_consent(self.record, self.draft, self.child, given)
        self._keep(evolve(self.draft, asked=evolve(self.draft.asked, given=given)))
        self._lead_to("review")

    def refuse(self) -> None:
        """The person says no: nothing is recorded but that, nothing is sent."""
        self._ask(kinds={})
        self._goto = Goto("home")

    @property
    def _basis(self) -> str:
        return basis_of(self.draft, self.child)

    @property
    def _stands_in(self) -> bool:
        return self._basis in STANDS_IN

    @property
    def _spoken(self) -> str:
        """The language of the text to read: as explained, else as the screening, else ours."""
        wanted = (self.draft.asked.language, self.record.language, self.words.language)
        return next(each for each in wanted if each in LANGUAGES)

    def _ask(self, **changes: Any) -> None:
        asked = evolve(self.draft.asked, given=None, **changes)
        self._keep(evolve(self.draft, asked=asked))

    def _ground(self) -> tuple[Field, ...]:
        if not self._stands_in:
            return ()
        label = self.words("Legal ground: law and article")
        return (Field("ground", label, self.draft.asked.ground),)

    def _ways(self) -> dict[str, str]:
        return {key: text for key, text in HOW.items() if key != How.NOT_ASKED or self._stands_in}

    def _recipient(self, provider: str) -> RecipientView:
        allowed = self.draft.asked.kinds.get(provider, ())
        held = build_case(self.record, self.assessment, self.draft)
        return RecipientView(
            provider,
            self.name(provider),
            tuple(
                Option(kind, self.words(text), kind in allowed)
                for kind, text in INFORMATION.items()
                if kind in held
            ),
        )

    def _days(self, days: int) -> Option:
        text = self.words.plural("{n} day", "{n} days", days)
        return Option(str(days), text, days == self.draft.asked.days)

    def _languages(self) -> tuple[Option, ...]:
        codes = dict.fromkeys((self.record.language, *LANGUAGES, *self.draft.about.languages))
        given = self.draft.asked.language or self.record.language
        return tuple(Option(each, self.words.tongue(each), each == given) for each in codes)
