"""About the person: what help needs to know. Everything may be left out."""

from typing import Any

from attrs import evolve, frozen

from mobile.flows.case_flow import CaseFlow, toggled
from mobile.flows.draft import About
from mobile.flows.labels import SEXES, options
from mobile.flows.parts import Field, Goto, Option
from mobile.locale.words import names
from protocols.screening.errors import AnswerError

OLDEST = 120
LONGEST = 2000
FREE_TEXTS = ("name", "phone", "safe_times", "place", "health", "notes")


@frozen
class PersonView:
    """`texts` are written with `write`, the rest is chosen; `nationality` and `spoken` say
    what is. `as_child`: words that say that the person is treated as a child, empty for an
    adult."""

    title: str
    explanation: str
    sex_title: str
    sexes: tuple[Option, ...]
    age: Field
    as_child: str
    nationality_title: str
    nationality: str
    nationalities: tuple[Option, ...]
    languages_title: str
    spoken: str
    languages: tuple[Option, ...]
    search_hint: str
    families_label: str
    families: bool
    disability_label: str
    disability: bool
    texts: tuple[Field, ...]
    next_button: str
    leads_to: Goto | None


class PersonFlow(CaseFlow):
    """Between the findings and the providers."""

    @property
    def view(self) -> PersonView:
        """What the screen shows now."""
        words, about = self.words, self.draft.about
        return PersonView(
            title=words("About the person"),
            explanation=words(
                "Leave out what the person does not want to say. You choose later, with the person,"
                " who may know what."
            ),
            sex_title=words("Sex"),
            sexes=options(words, SEXES, [about.sex]),
            age=Field(
                "age",
                words("Age in years"),
                "" if about.age is None else str(about.age),
                words("An estimate will do."),
            ),
            as_child=words("The person is treated as a child: under 18, or of unknown age.")
            if self.child
            else "",
            nationality_title=words("Nationality"),
            nationality=words.country(about.nationality) if about.nationality else "",
            nationalities=self._named("countries", [about.nationality]),
            languages_title=words("Languages the person speaks"),
            spoken=words.list(words.tongue(each) for each in about.languages),
            languages=self._named("languages", about.languages),
            search_hint=words("Write the first letters"),
            families_label=words("Has children along"),
            families=about.families,
            disability_label=words("Needs step-free access or help at hand"),
            disability=about.disability,
            texts=self._texts(about),
            next_button=words("Next"),
            leads_to=self._goto,
        )

    def choose_sex(self, key: str) -> None:
        """As the person says it."""
        self._about(sex=key)

    def set_age(self, age: str | int | None) -> None:
        """Years, digits of any script; empty for not known. Raises AnswerError."""
        text = str(age).strip() if age is not None else ""
        if text and not (text.isdecimal() and int(text) <= OLDEST):
            raise AnswerError(f"an age is a number from 0 to {OLDEST}; correct it or leave it out")
        self._about(age=int(text) if text else None)

    def choose_nationality(self, code: str) -> None:
        """A country's code; the same again takes it back."""
        self._about(nationality="" if code == self.draft.about.nationality else code)

    def toggle_language(self, code: str) -> None:
        """A language that the person speaks."""
        self._about(languages=toggled(self.draft.about.languages, code))

    def set_families(self, along: bool) -> None:
        """Whether children come along."""
        self._about(families=along)

    def set_disability(self, needed: bool) -> None:
        """Whether step-free access or help at hand is needed."""
        self._about(disability=needed)

    def write(self, field: str, text: str) -> None:
        """One of the free texts. Raises AnswerError for one that is too long or unknown."""
        if field not in FREE_TEXTS:
            raise AnswerError(f"no field {field[:40]!r}; choose one of {', '.join(FREE_TEXTS)}")
        if len(text) > LONGEST:
            raise AnswerError(f"at most {LONGEST} characters; shorten it")
        self._about(**{field: text.strip()})

    def next(self) -> None:
        """On to the providers."""
        self._lead_to("providers")

    def _about(self, **changes: Any) -> None:
        about = evolve(self.draft.about, **changes)
        if about == self.draft.about:
            return
        after = evolve(self.draft, about=about)
        if after.child(self.assessment.population) != self.child:
            self._change(about=about)
        else:
            self._keep(after)

    def _named(self, kind: str, chosen: Any) -> tuple[Option, ...]:
        """Every country or language by name, those chosen first."""
        language = self.words.language
        found = [Option(key, each[language], key in chosen) for key, each in names(kind).items()]
        return tuple(sorted(found, key=lambda each: (not each.chosen, each.label)))

    def _texts(self, about: About) -> tuple[Field, ...]:
        words = self.words
        return (
            Field("name", words("Name"), about.name, words("As the person wants to be called")),
            Field("phone", words("Telephone"), about.phone, words("Only if a call is safe")),
            Field("safe_times", words("When it is safe to call"), about.safe_times),
            Field("place", words("Where to meet"), about.place),
            Field("health", words("Health"), about.health, multiline=True),
            Field("notes", words("Your notes"), about.notes, multiline=True),
        )
