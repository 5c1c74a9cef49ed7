"""The report of a drill of communications: what it came to, for a page and for a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup

from alerting.silence.inactivity import moment
from dashboard.drill_plot import drill_plot
from dashboard.drill_words import OUTCOMES, DrillOutcome, outcome
from dashboard.plots import Heading
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.drills.asked import DrillCall, DrillPerson, DrillView

ORDER = tuple(OUTCOMES)


class DrillLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person in the report.

    Attributes:
        person: Who.
        outcome: How far it has come with them.
        word: The same in words.
        after_s: After how many seconds they answered; None: they have not.
        is_late: They answered after its end.
        channel: By which channel they were called last, in words.
        how: How they answered, in words.
        error: Why they could not be called.
        seen_at: When they opened the link.
        delivered_at: When it had arrived.
    """

    person: DrillPerson
    outcome: DrillOutcome
    word: str
    after_s: int | None
    is_late: bool
    channel: str
    how: str
    error: str
    seen_at: datetime | None
    delivered_at: datetime | None


class VillageLine(msgspec.Struct, frozen=True, kw_only=True):
    """How many people of an area were called, and how many of them have answered in time."""

    area: str
    people: int
    answered: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill came to.

    Attributes:
        drill: Which.
        before: The one before it in the same area.
        lines: Everybody who was called: who has not answered first.
        villages: The same by the area that people answer for.
        counts: How many of each outcome.
        half_s: After how many seconds half of all had answered; None: they have not.
        late: How many answered after its end.
        no_pin: How many opened the link and have no PIN.
        plot: How many had answered when.
    """

    drill: DrillView
    before: DrillView | None
    lines: tuple[DrillLine, ...]
    villages: tuple[VillageLine, ...]
    counts: dict[DrillOutcome, int]
    half_s: int | None
    late: int
    no_pin: int
    plot: Markup

    @property
    def share(self) -> float:
        """Of all who were called, those who answered in time."""
        return self.drill.count.in_time / self.drill.count.people

    @property
    def share_before(self) -> float | None:
        """The same of the drill before it."""
        return self.before.count.in_time / self.before.count.people if self.before is not None else None


def report_of(drill: DrillView, before: DrillView | None, calls: Sequence[DrillCall], say: Speech) -> Report:
    """The report of one drill.

    Args:
        drill: It.
        before: The one before it in the same area, to compare with.
        calls: Everybody whom it called.
        say: The reader's language.
    """
    lines = sorted((_line(it, drill, say) for it in calls), key=_first)
    answered = sorted(it.after_s for it in lines if it.after_s is not None)
    half = (len(lines) + 1) // 2
    people = Counter(it.person.area for it in lines)
    in_time = Counter(it.person.area for it in lines if it.after_s is not None and not it.is_late)
    within_s = int((drill.until - drill.began_at).total_seconds())
    text = say.gettext(mark("%(n)s of %(all)s had answered at the end"), n=drill.count.in_time, all=len(lines))
    heading = Heading("drill-plot", say.gettext(mark("Answers by minute since the beginning")), text)
    return Report(
        drill=drill,
        before=before,
        lines=tuple(lines),
        villages=tuple(VillageLine(area=it, people=people[it], answered=in_time[it]) for it in sorted(people)),
        counts=dict(Counter(it.outcome for it in lines)),
        half_s=answered[half - 1] if 0 < half <= len(answered) else None,
        late=sum(it.is_late for it in lines),
        no_pin=sum(it.outcome is DrillOutcome.SEEN and not it.person.has_pin for it in lines),
        plot=drill_plot(answered, max(1, len(lines)), within_s, heading),
    )


def _first(it: DrillLine) -> tuple[int, float, str, str]:
    """Whom one has to speak with stands on top."""
    return ORDER.index(it.outcome), it.after_s or 0, it.person.area, it.person.name


def _line(call: DrillCall, drill: DrillView, say: Speech) -> DrillLine:
    it, began_s = call.called, int(drill.began_at.timestamp())
    what = outcome(it)
    return DrillLine(
        person=call.person,
        outcome=what,
        word=say.gettext(OUTCOMES[what]),
        after_s=it.answered_s - began_s if it.answered_s else None,
        is_late=bool(it.answered_s) and moment(it.answered_s) > drill.until,
        channel=say.channel(it.channel),
        how=say.how_accepted(it.how),
        error=it.error if what not in {DrillOutcome.ANSWERED, DrillOutcome.DECLINED} else "",
        seen_at=moment(it.seen_s) if it.seen_s else None,
        delivered_at=moment(it.delivered_s) if it.delivered_s else None,
    )


COLUMNS = (
    *(mark("Name"), mark("Office"), mark("Area"), mark("How it went"), mark("After (seconds)"), mark("Channel")),
    *(mark("Answered by"), mark("Error")),
)


def table_of(report: Report, areas: Mapping[str, str], say: Speech) -> list[list[str]]:
    """The same as a table: a line of headings, then a line for each person."""
    rows = [[say.gettext(it) for it in COLUMNS]]
    for it in report.lines:
        after = "" if it.after_s is None else str(it.after_s)
        who = [it.person.name, say.duty(it.person.duty), areas.get(it.person.area, it.person.area)]
        rows.append([*who, it.word, after, it.channel, it.how, it.error])
    return rows
