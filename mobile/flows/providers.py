"""Which help, how soon, where; and which providers to ask, in which order, with every reason."""

from attrs import frozen

from mobile.flows.case_flow import CaseFlow, toggled
from mobile.flows.draft import ADULT
from mobile.flows.labels import URGENCIES, label, options, service_title, services_text
from mobile.flows.parts import Goto, Option, Row
from mobile.flows.places import directory_text, division_name, divisions
from mobile.flows.provider_words import ProviderView, excluded_row, provider_view
from mobile.flows.refusals import NothingChosenError
from protocols.referral.provider import Sex
from protocols.referral.reasons import Ranking
from protocols.referral.request import Person
from protocols.referral.services import URGENT_FIRST, Service, Urgency, services_for


@frozen
class ProvidersView:
    """`needed`, `urgency`, `division`: what is chosen, in words. `ranked` best first; `excluded`
    each with its reason; `nearest` and `focal_points` for when nobody fits."""

    title: str
    services_title: str
    services: tuple[Option, ...]
    needed: str
    urgency_title: str
    urgency: str
    urgencies: tuple[Option, ...]
    division_title: str
    divisions: tuple[Option, ...]
    division: str
    directory: str
    directory_old: bool
    ranked_title: str
    ranked: tuple[ProviderView, ...]
    more_button: str
    nobody: str
    nearest_title: str
    nearest: tuple[Row, ...]
    focal_title: str
    focal_points: tuple[str, ...]
    unmet: str
    excluded_title: str
    excluded: tuple[Row, ...]
    conflict_label: str
    conflicts: tuple[Option, ...]
    chosen: str
    next_button: str
    ready: bool
    leads_to: Goto | None


class ProvidersFlow(CaseFlow):
    """Choosing for one screening; works offline on the directory as last verified."""

    @property
    def view(self) -> ProvidersView:
        """What the screen shows now. Raises NotEnrolledError."""
        words, draft = self.words, self.draft
        ranking = self.ranking()
        directory = self.directory
        shown = ranking or Ranking((), ())
        excluded = tuple(
            excluded_row(words, each, self.name(each.provider)) for each in shown.excluded
        )
        count = len(draft.shortlist)
        return ProvidersView(
            title=words("Help and providers"),
            services_title=words("What help is needed"),
            services=tuple(
                Option(each, service_title(words, each), each in draft.services)
                for each in map(str, URGENT_FIRST)
            ),
            needed=services_text(words, draft.services),
            urgency_title=words("How soon"),
            urgency=label(words, URGENCIES, draft.urgency),
            urgencies=options(words, URGENCIES, [draft.urgency]),
            division_title=words("Where the person is"),
            divisions=divisions(words, self._country, draft.division),
            division=division_name(words, self._country, draft.division),
            directory=directory_text(words, directory),
            directory_old=directory is None or directory.expired,
            ranked_title=words("Choose the first to ask, then who is asked if they cannot"),
            ranked=tuple(
                provider_view(words, each, self.name(each.provider), draft.shortlist)
                for each in shown.ranked
            ),
            more_button=words("Show all of them"),
            nobody="" if ranking is None or shown.ranked else words("Nobody on the list fits."),
            nearest_title=words("Nearest to fitting"),
            nearest=tuple(out for out in excluded if out.key in shown.nearest),
            focal_title=words("Focal point: ask here when nobody fits"),
            focal_points=self._focal_points(shown),
            unmet=self._unmet(shown),
            excluded_title=words("Why the others are not offered"),
            excluded=excluded,
            conflict_label=words("Not this one (conflict of interest, or not safe)"),
            conflicts=self._conflicts(),
            chosen=words.plural("{n} provider chosen", "{n} providers chosen", count),
            next_button=words("Next: consent"),
            ready=bool(draft.shortlist),
            leads_to=self._goto,
        )

    def ranking(self) -> Ranking | None:
        """The directory's providers for this person; None while no service is chosen or no
        directory is here."""
        draft = self.draft
        if not draft.services or self.directory is None:
            return None
        return self.phone.referrals.route(
            self.record,
            services_for(draft.services),
            Urgency(draft.urgency),
            draft.division,
            self.person(),
            excluded=draft.excluded,
        )

    def person(self) -> Person:
        """The person as far as routing needs to know. An adult whose years nobody knows counts as
        just of age."""
        about = self.draft.about
        return Person(
            sex=Sex(about.sex),
            age=ADULT if about.age is None and not self.child else about.age,
            families=about.families,
            disability=about.disability,
            nationality=about.nationality or None,
            languages=about.languages,
        )

    def toggle_service(self, service: str) -> None:
        """A kind of help that is needed."""
        chosen = services_for(toggled(self.draft.services, Service(service)))
        self._change(services=tuple(str(each) for each in chosen))
        self._drop_unfit()

    def set_urgency(self, urgency: str) -> None:
        """How soon help must begin."""
        self._change(urgency=str(Urgency(urgency)))

    def set_division(self, division: str | None) -> None:
        """Where the person is now."""
        self._change(division=division)
        self._drop_unfit()

    def toggle_conflict(self, provider: str) -> None:
        """A provider that must not get this person; the same again takes it back."""
        self._change(excluded=toggled(self.draft.excluded, provider))
        self._drop_unfit()

    def choose(self, provider: str) -> None:
        """Ask this one, after those chosen before; the same again takes it off the list."""
        self._change(shortlist=toggled(self.draft.shortlist, provider))

    def next(self) -> None:
        """On to consent. Raises NothingChosenError without a provider, or with one that does not
        fit any more."""
        self._drop_unfit()
        if not self.draft.shortlist:
            raise NothingChosenError("choose at least one provider that fits")
        self._lead_to("consent")

    def _drop_unfit(self) -> None:
        """Take off the list whom the ranking no longer offers."""
        ranking = self.ranking()
        fit = {each.provider for each in ranking.ranked} if ranking else set()
        kept = tuple(each for each in self.draft.shortlist if each in fit)
        if kept != self.draft.shortlist:
            self._change(shortlist=kept)

    @property
    def _country(self) -> str:
        me = self.phone.identity
        return me.country if me else ""

    def _conflicts(self) -> tuple[Option, ...]:
        directory = self.directory
        providers = directory.providers if directory else ()
        return tuple(
            Option(each.id, self.name(each.id), each.id in self.draft.excluded)
            for each in providers
        )

    def _focal_points(self, ranking: Ranking) -> tuple[str, ...]:
        directory = self.directory
        listed = directory.focal_points if directory else ()
        ids = dict.fromkeys((*ranking.focal_points, *listed))
        return tuple(self.name(each) for each in ids)

    def _unmet(self, ranking: Ranking) -> str:
        if not ranking.unmet:
            return ""
        said = services_text(self.words, ranking.unmet)
        return self.words("Nobody who fits gives: {services}", services=said)
