"""The bulletin (通报) of a month or quarter: how the service has done, by town and village. For page, Excel and PDF."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from alerting.care.duty import CareKind
from alerting.casefile import Area, covers
from alerting.figures.course import Course
from alerting.figures.measures import TARGETS, Figure, Measure, figures
from alerting.figures.worst import Worst, worst
from alerting.model import AlarmKind, Priority
from dashboard.bars import Bar, Bars
from dashboard.bulletin_time import Term
from dashboard.figures_words import MEASURES
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.care.asked import CareCount

Cell = str | int | float | None
"""A text, a number, or a share of 0 to 1 (float); None: nothing was counted."""
BY_PLACE = (Measure.ANSWERED_60, Measure.ANSWERED_180, Measure.THERE_45, Measure.FALSE)
WEEKS_FROM_DAYS = 45
"""A longer time is plotted by week."""


class Table(msgspec.Struct, frozen=True):
    """Headings, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Section(msgspec.Struct, frozen=True):
    """One part of the bulletin.

    Attributes:
        id: Its anchor.
        title: Its heading.
        table: The numbers.
        plot: The same to look at; None: there is nothing to see.
        says: What has to be known to read it.
    """

    id: str
    title: str
    table: Table
    plot: Bars | None = None
    says: str = ""


class Bulletin(msgspec.Struct, frozen=True):
    """One bulletin, in one language.

    Attributes:
        title: With its time and place.
        says: Of what it is, and when it was made.
        sections: In order.
    """

    title: str
    says: str
    sections: tuple[Section, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a bulletin is made from.

    Attributes:
        term: Its time.
        before: The time before it, to compare with.
        area: Its area; empty: the whole city.
        areas: All areas by key.
        parts: The towns of the city, or the villages of a town, by name.
        courses: Incidents of the time.
        courses_before: Of the time before.
        now: UTC.
    """

    term: Term
    before: Term
    area: str
    areas: Mapping[str, Area]
    parts: Mapping[str, str]
    courses: Sequence[Course]
    courses_before: Sequence[Course]
    now: datetime

    def part_of(self, area: str) -> str:
        """The town, or the village of a town, that an area lies in; empty for none."""
        return next((key for key in self.parts if covers(key, area)), "")


async def bulletin(site: Site, say: Speech, asked: Asked) -> Bulletin:
    """All of it.

    Args:
        site: For asking.
        say: The reader's language.
        asked: Of which time and place, with its incidents.
    """
    place = asked.areas[asked.area].name if asked.area in asked.areas else say.gettext(mark("Whole city"))
    made = say.gettext(
        mark("%(first)s to %(last)s; made %(at)s. Counted from timelines; tests and drills are left out."),
        first=asked.term.first,
        last=asked.term.last,
        at=say.times.full(asked.now),
    )
    if asked.term.until > asked.now:
        made += " " + say.gettext(mark("This time is not over yet."))
    sections = (
        _service(say, asked),
        _course(site, say, asked),
        _kinds(say, asked),
        _places(say, asked),
        await _available(site, say, asked),
        *await _care(site, say, asked),
        await _warnings(site, say, asked),
        await _referrals(site, say, asked),
        *await _worst(site, say, asked),
    )
    title = say.gettext(mark("Bulletin of %(time)s, %(place)s"), time=asked.term.told(say), place=place)
    return Bulletin(title, made, sections)


def _service(say: Speech, asked: Asked) -> Section:
    """Every figure against its target, and against the time before."""
    now, before = figures(asked.courses, asked.now), figures(asked.courses_before, asked.now)
    rows = [_measured(say, it, now[it], before[it]) for it in Measure]
    heads = (mark("Figure"), mark("Share"), mark("Target"), mark("The time before"), mark("Counted"), mark("Not"))
    return Section("service", say.gettext(mark("Service figures")), Table(tuple(map(say.gettext, heads)), tuple(rows)))


def _measured(say: Speech, measure: Measure, now: Figure, before: Figure) -> tuple[Cell, ...]:
    target = TARGETS[measure].share
    return (say.gettext(MEASURES[measure]), now.share, target, before.share, len(now.of), len(now.missed))


def _course(site: Site, say: Speech, asked: Asked) -> Section:
    """How many incidents began on each day, or in each week of a longer time."""
    each = 7 if (asked.term.last - asked.term.first).days > WEEKS_FROM_DAYS else 1
    counts = Counter(
        (site.times.local(it.rang_at).date() - asked.term.first).days // each for it in asked.courses if not it.is_drill
    )
    last = min(asked.term.last, site.times.local(asked.now).date())
    starts = range((last - asked.term.first).days // each + 1)
    names = [(asked.term.first + timedelta(days=n * each)).strftime("%m-%d") for n in starts]
    word = mark("Incidents by week") if each > 1 else mark("Incidents by day")
    bars = tuple(Bar(name, counts[n], str(counts[n])) for n, name in zip(starts, names, strict=True))
    heads = (mark("From"), mark("Incidents"))
    rows = tuple((name, counts[n]) for n, name in zip(starts, names, strict=True))
    title = say.gettext(word)
    return Section("course", title, Table(tuple(map(say.gettext, heads)), rows), Bars(title, bars))


def _kinds(say: Speech, asked: Asked) -> Section:
    """By the alarm with which they began: how many, how urgent, how many false."""
    piles: dict[AlarmKind | None, list[Course]] = defaultdict(list)
    for it in asked.courses:
        if not it.is_drill:
            piles[it.kind].append(it)
    rows = list[tuple[Cell, ...]]()
    for kind, pile in sorted(piles.items(), key=lambda one: -len(one[1])):
        urgent = Counter(it.priority for it in pile)
        name = say.alarm(kind) if kind is not None else "–"
        rows.append((name, len(pile), *(urgent[it] for it in Priority), sum(it.was_false for it in pile)))
    heads = (say.gettext(mark("Alarm")), say.gettext(mark("Incidents")), *(it.name for it in Priority))
    return Section(
        "kinds",
        say.gettext(mark("Incidents by alarm")),
        Table((*heads, say.gettext(mark("False alarms"))), tuple(rows)),
    )


def _places(say: Speech, asked: Asked) -> Section:
    """The figures of each town, or of each village."""
    piles: dict[str, list[Course]] = defaultdict(list)
    for it in asked.courses:
        piles[asked.part_of(it.area)].append(it)
    done = {key: figures(piles[key], asked.now) for key in asked.parts}
    rows = tuple(
        (name, sum(not it.is_drill for it in piles[key]), *(done[key][it].share for it in BY_PLACE))
        for key, name in asked.parts.items()
    )
    heads = (say.gettext(mark("Area")), say.gettext(mark("Incidents")), *(say.gettext(MEASURES[it]) for it in BY_PLACE))
    title = say.gettext(mark("Answered within 60 s, by area"))
    shares = [(name, done[key][Measure.ANSWERED_60].share) for key, name in asked.parts.items()]
    plot = _shares(say, title, shares, TARGETS[Measure.ANSWERED_60].share)
    return Section("places", say.gettext(mark("Figures by area")), Table(heads, rows), plot)


Shares = Sequence[tuple[str, float | None]]
"""By name of a part; in two districts there may be a town of the same name."""


def _shares(say: Speech, title: str, shares: Shares, target: float | None = None) -> Bars | None:
    """Bars of shares; None where nothing was counted."""
    if all(share is None for _, share in shares):
        return None
    bars = (Bar(name, share, "–" if share is None else say.percent(share, 1)) for name, share in shares)
    return Bars(title, tuple(bars), 1.0, target)


async def _available(site: Site, say: Speech, asked: Asked) -> Section:
    """How much of the time homes were protected."""
    lines = await site.desk.availability(asked.term.since, min(asked.now, asked.term.until), asked.area)
    found = {it.key: it for it in lines if it.key in asked.parts}
    rows = tuple((asked.parts[key], it.homes, it.share if it.judged_min else None) for key, it in found.items())
    title = say.gettext(mark("Homes protected, share of the time"))
    goal = (await site.desk.protected(asked.area)).goal.share
    plot = _shares(say, title, [(str(name), share) for name, _, share in rows], goal)
    heads = (mark("Area"), mark("Homes"), mark("Protected"))
    return Section("protected", title, Table(tuple(map(say.gettext, heads)), rows), plot)


async def _care(site: Site, say: Speech, asked: Asked) -> list[Section]:
    """Weekly visits and calls: done in time, late, never."""
    counts = await site.desk.care_counts(asked.area, asked.term.since, asked.term.until)
    words = {CareKind.VISIT: mark("Weekly visits"), CareKind.CALL: mark("Weekly calls")}
    heads = (mark("Area"), mark("Done in time"), mark("Done late"), mark("Never done"), mark("Of these in time"))
    sections = []
    for kind, word in words.items():
        piles: dict[str, list[CareCount]] = defaultdict(list)
        for it in counts:
            if it.kind is kind:
                piles[asked.part_of(it.area)].append(it)
        rows = [(name, *_done(piles[key])) for key, name in asked.parts.items()]
        title = say.gettext(word)
        plot = _shares(say, title, [(row[0], row[-1]) for row in rows])
        sections.append(Section(kind.value, title, _counted(say, heads, rows), plot))
    return sections


def _done(counts: Iterable[CareCount]) -> tuple[int, int, int, float | None]:
    pile = list(counts)
    done, late = sum(it.done for it in pile), sum(it.done_late for it in pile)
    missed = sum(it.missed for it in pile)
    every = done + late + missed
    return done, late, missed, done / every if every else None


def _counted(say: Speech, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    """A table of counts; of nothing but noughts none."""
    return Table(tuple(map(say.gettext, heads)), tuple(rows) if any(any(row[1:]) for row in rows) else ())


def _by_part(
    say: Speech, asked: Asked, id_: str, title: str, heads: Sequence[str], counted: Callable[[str], Sequence[int]]
) -> Section:
    """A table of counts by area, of which the last two are: how many, and how many of them in time."""
    rows = list[tuple[Cell, ...]]()
    for key, name in asked.parts.items():
        counts = counted(key)
        rows.append((name, *counts, counts[-1] / counts[-2] if counts[-2] else None))
    words = (mark("Area"), *heads, mark("Of these in time"))
    return Section(id_, say.gettext(title), _counted(say, words, rows))


async def _warnings(site: Site, say: Speech, asked: Asked) -> Section:
    """Early warnings of other departments."""
    counts = await site.desk.warning_counts(asked.area, asked.term.since, asked.term.until)

    def counted(key: str) -> tuple[int, int, int]:
        mine = [it for it in counts if covers(key, it.area)]
        return sum(it.came for it in mine), sum(it.answered for it in mine), sum(it.in_time for it in mine)

    heads = (mark("Came"), mark("Answered"), mark("In time"))
    return _by_part(say, asked, "warnings", mark("Early warnings"), heads, counted)


async def _referrals(site: Site, say: Speech, asked: Asked) -> Section:
    """Needs that were sent to departments and organisations."""
    counts = await site.desk.referral_counts(asked.area, asked.term.since, asked.term.until)

    def counted(key: str) -> tuple[int, ...]:
        mine = [it for it in counts if covers(key, it.area)]
        names = ("sent", "late", "answered", "in_time")
        return tuple(sum(getattr(it, name) for it in mine) for name in names)

    heads = (mark("Sent"), mark("Open and late"), mark("Answered"), mark("In time"))
    return _by_part(say, asked, "referrals", mark("Referrals"), heads, counted)


async def _worst(site: Site, say: Speech, asked: Asked) -> list[Section]:
    """The ten homes and the ten devices with most false alarms, by case number: a bulletin names nobody."""
    homes = worst(asked.courses, lambda it: it.home)
    devices = worst(asked.courses, lambda it: it.device)
    heads = tuple(map(say.gettext, (mark("Area"), mark("False alarms"), mark("Of closed incidents"))))
    says = say.gettext(mark("Most false alarms first; ten at most. By case number: a bulletin names nobody."))
    at_home = [(it.of, await _place(site, asked, it), it.false, it.closed) for it in homes]
    at_device = [(await _device(site, say, it), await _place(site, asked, it), it.false, it.closed) for it in devices]
    return [
        Section(
            "worst-homes",
            say.gettext(mark("Homes with most false alarms")),
            Table((say.gettext(mark("Case number")), *heads), tuple(at_home)),
            says=says,
        ),
        Section(
            "worst-devices",
            say.gettext(mark("Devices with most false alarms")),
            Table((say.gettext(mark("Device")), *heads), tuple(at_device)),
            says=says,
        ),
    ]


async def _place(site: Site, asked: Asked, it: Worst) -> str:
    home = await site.desk.household(it.home) if it.home else None
    area = asked.areas.get(home.household.area) if home is not None else None
    return area.name if area is not None else ""


async def _device(site: Site, say: Speech, it: Worst) -> str:
    home = await site.desk.household(it.home) if it.home else None
    device = next((one.device for one in home.devices if one.device.id == it.of), None) if home is not None else None
    if device is None:
        return it.of
    return " · ".join(filter(None, (it.home, say.device_role(device.role), say.room(device.room), device.model)))
