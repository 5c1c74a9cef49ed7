"""Words of screens about the six-dimension assessment. Chinese in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alerting.assessment.criteria import TABLE, Criterion
from alerting.assessment.record import Assessment, Dimension, DueWhy, Library, ReviewAsked
from alerting.assessment.score import Proposal
from alerting.casefile import Household
from dashboard.warning_words import WarningWords
from dashboard.words import mark
from gateway.registry.assessment_desk import LabelMeans

if TYPE_CHECKING:
    from dashboard.speech import Speech

DIMENSIONS: dict[Dimension, str] = {
    Dimension.DAILY_LIFE: mark("Daily life"),
    Dimension.HOUSING: mark("Housing"),
    Dimension.WORK: mark("Work and income"),
    Dimension.HEALTH: mark("Health"),
    Dimension.EDUCATION: mark("Education"),
    Dimension.INCLUSION: mark("Social inclusion"),
}

CRITERIA: dict[str, str] = {
    "bedridden": mark("cannot eat, dress or go to the toilet without somebody"),
    "needs_help": mark("needs help with eating, dressing or the toilet"),
    "confused": mark("confused, or cannot decide for themselves"),
    "no_carer": mark("nobody who looks after them"),
    "unsafe_house": mark("the house is in danger of collapse, fire or gas"),
    "bare_house": mark("no running water, electricity or toilet in the home"),
    "no_own_house": mark("lent or rented home that can be lost at any time"),
    "high_stairs": mark("third floor or higher without a lift, hardly walks"),
    "no_income": mark("no income at all"),
    "aid_only": mark("lives on assistance alone"),
    "debt": mark("in debt by illness or disaster, or spends more than comes in"),
    "out_of_work": mark("could work, has no work"),
    "grave_illness": mark("grave illness"),
    "chronic": mark("several chronic illnesses"),
    "severe_disability": mark("severe disability"),
    "fell": mark("fell, or was an emergency, within a year"),
    "self_harm": mark("may harm themselves"),
    "no_school": mark("a child does not go to school"),
    "school_costs": mark("the costs of school cannot be borne"),
    "cannot_read": mark("cannot read; buttons and telephone have to be explained"),
    "lives_alone": mark("lives alone"),
    "no_visits": mark("nobody has visited for a month"),
    "abuse": mark("neglected or ill-treated"),
    "withdrawn": mark("lets nobody in"),
    "bereaved": mark("lost somebody close within half a year"),
}

LIBRARIES: dict[Library, str] = {
    Library.AID: mark("Library of aid"),
    Library.MONITORED: mark("Library of the monitored"),
    Library.GENERAL: mark("General library"),
}

DUE: dict[DueWhy, str] = {
    DueWhy.NEVER: mark("never assessed"),
    DueWhy.ENTRY: mark("new in the programme"),
    DueWhy.FAMILY: mark("the family has changed"),
    DueWhy.FOUND: mark("something was found"),
    DueWhy.WARNED: mark("an early warning has come"),
    DueWhy.SCHEDULE: mark("its time has come"),
}
"""Why a household is to be assessed."""


class AssessmentWords:
    """What a template says of assessments, in one language."""

    def __init__(self, say: Speech) -> None:
        """Speak this language."""
        self._say = say

    def dimension(self, dimension: Dimension) -> str:
        """What a dimension is called."""
        return self._said(DIMENSIONS, dimension)

    def criterion(self, code: str) -> str:
        """What is so when a criterion is met."""
        return self._said(CRITERIA, code)

    def library(self, library: Library) -> str:
        """What a library is called."""
        return self._said(LIBRARIES, library)

    def due(self, why: DueWhy) -> str:
        """Why a household is to be assessed."""
        return self._said(DUE, why)

    def asked_for(self, asked: ReviewAsked) -> str:
        """Why an assessment was asked for, and what was noted with it."""
        note = WarningWords(self._say).note(asked.note) if asked.why is DueWhy.WARNED else asked.note
        return ": ".join(filter(None, (self.due(asked.why), note)))

    def points(self, n: int) -> str:
        """So many points."""
        return self._say.ngettext("%(num)s point", "%(num)s points", n)

    def by_dimension(self, done: Assessment) -> Iterator[tuple[str, int, list[str]]]:
        """Of an assessment each dimension with points: its name, they, and the criteria met."""
        for dimension, points in zip(Dimension, done.points, strict=False):
            met = [it.code for it in TABLE.of(dimension) if it.code in done.met]
            if points or met:
                yield self.dimension(dimension), points, [self.criterion(code) for code in met]

    def made_by(self, proposal: Proposal) -> str:
        """Which points made a proposed label."""
        if proposal.least_by:
            why = mark("%(total)s would be %(label)s; but “%(criterion)s” makes it this at least")
            return self._say.gettext(
                why,
                total=self.points(proposal.total),
                label=self._say.tier(proposal.by_points),
                criterion=self.criterion(proposal.least_by),
            )
        least = next((least for least, tier in TABLE.labels if tier is proposal.tier), 0)
        if not least:
            lowest = TABLE.labels[-1][0]
            return self._say.gettext(
                mark("%(total)s, fewer than %(least)s"), total=self.points(proposal.total), least=lowest
            )
        return self._say.gettext(mark("%(total)s, from %(least)s on"), total=self.points(proposal.total), least=least)

    def weight(self, it: Criterion) -> str:
        """What a criterion counts: its points, and the label it makes at least."""
        least = self._say.gettext(mark("at least %(label)s"), label=self._say.tier(it.at_least)) if it.at_least else ""
        return " · ".join(filter(None, (f"+{it.points}", least)))

    def consequences(self, means: LabelMeans) -> Iterator[tuple[str, str]]:
        """What a label sets for the monitoring of a home, each with its value."""
        say = self._say
        yield (
            say.gettext(mark("Weight of its silence")),
            say.gettext(
                mark("%(share)s times the usual share of false alarms: the more, the sooner a silence alarms"),
                share=f"{means.share:g}",
            ),
        )
        caps = (say.exact(means.cap_day_s), say.exact(means.cap_night_s))
        yield (
            say.gettext(mark("Longest silence")),
            say.gettext(mark("%(day)s by day, %(night)s by night"), day=caps[0], night=caps[1]),
        )
        yield say.gettext(mark("A silence rings as")), say.priority(means.priority)
        yield (
            say.gettext(mark("Required equipment")),
            say.joined(say.equipment_word(it) for it in means.required),
        )
        for name, days in (
            (mark("Visit"), means.visited_every_days),
            (mark("Telephone call"), means.called_every_days),
        ):
            every = say.gettext(mark("every %(days)s days"), days=days) if days else say.gettext(mark("not owed"))
            yield say.gettext(name), every
        yield (
            say.gettext(mark("Assessed anew")),
            say.gettext(mark("every %(days)s days"), days=means.assessed_every_days),
        )

    def _said(self, table: Mapping[Any, str], word: object) -> str:
        return self._say.gettext(table[word]) if word in table else str(word)


def told_of(home: Household, say: Speech) -> dict[str, str]:
    """What the history shows of a household's assessment, by the name of a field."""
    words, done, asked = AssessmentWords(say), home.assessment, home.review
    shown: dict[str, str] = {}
    if done is not None:
        label = f"{say.tier(done.tier)} · {words.library(done.library)}"
        shown["assessment"] = f"{done.on.isoformat()} · {words.points(done.total)} · {label}"
        shown["assessment_met"] = say.joined(words.criterion(code) for code in done.met)
        shown["assessment_why"] = done.why
    if asked is not None:
        shown["review"] = f"{asked.on.isoformat()} · {words.asked_for(asked)}"
    return shown
