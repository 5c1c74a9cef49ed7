"""A home's own rhythm: what is learned of its silences, and the limits that follow from it.

Constant memory: the newest silences of an hour or more, the weight of all active windows by situation, and a few sums.
A day is folded in when it is over; then the limits are chosen again (``stopping``).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from math import exp, log

import msgspec

from alerting.silence import prior, stopping
from alerting.silence.day import GONE_WINDOWS, LOW_FROM_DAYS, NORMAL_DAYS, WINDOWS, Day, Pace, is_low, is_new_normal
from alerting.silence.grid import GRID, LEAST_WINDOWS, LENGTH_MOST, PASSED, POINTS_PASSED
from alerting.silence.places import Places
from alerting.silence.stopping import KERNEL, NEAR_ROWS, ROWS, SLOTS, row_of

HALF_LIFE_DAYS = 60.0
SPENT_HALF_LIFE_DAYS = 75.0
SILENCES_MAX = 1200
DAYS_A_WEEK = 7
_FIELDS = 3

HOPE, HOPE_POWER = 1.2, -0.2
"""False calls that come for each one expected at one a week, before the home itself has shown its own number; the
smaller the budget, the further out in the tail the limits lie, and the more the fit flatters itself."""
HOPE_WEEKS = 8.0
HOPE_LEAST, HOPE_MOST = 0.75, 4.0
RARE_WEIGHT = 4.0
TOLD_MAX = 8
"""So many silences that rang are remembered by where they began, so that a word about them can be taken back."""
UNANSWERED = 2.0
"""A home must show that it answers: so many questions without an answer are thought to have come before its own."""
FAR = 64.0
"""How much less than the city's price a home may pay that would have too many false calls at it."""


class Held(msgspec.Struct, frozen=True, array_like=True):
    """A silence that ended on a day that is not over: it is learned when that day is known to be a normal one."""

    day: int
    window: int
    context: int
    length: int
    over: bool


class Terms(msgspec.Struct, frozen=True):
    """On which terms limits are chosen.

    Attributes:
        budget_per_week: False calls this home may have.
        cap_points: By slot: how many points of ``grid.GRID`` may be chosen from.
        without: Homes whose share of the prior is left out.
        price: What five minutes less delay may cost in false calls that really come, where the city has found it; 0:
            the home finds its own. Then the budget is only the most that the home is planned to have.
        usual_per_week: False calls a home like this usually has; 0: as its budget.
        pooled: False calls that came for each one expected, over all homes; 0: not known.
        most_per_week: With a price for all homes a home is planned to have no more.
        prompt_share: What asking the home's own device costs, as a share of a call.
        prompts_per_week: So often it may be asked.
        asks: It has a device to ask with.
    """

    budget_per_week: float
    cap_points: tuple[int, ...]
    without: frozenset[str] = frozenset()
    price: float = 0.0
    usual_per_week: float = 0.0
    pooled: float = 0.0
    most_per_week: float = 1.0
    prompt_share: float = 0.2
    prompts_per_week: float = 1.0
    asks: bool = True

    @property
    def expected_per_week(self) -> float:
        """What a home like this usually has a week: so much the experience of all homes weighs."""
        return self.usual_per_week or self.budget_per_week


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was learned of one home: at most 16 KB.

    Attributes:
        days: Normal days of observation so far.
        low: The last complete day was one of low activity.
        normal: Active windows of the last normal days.
        pace: At the end of the last day that was folded in.
        held: A silence that is not judged yet.
        upto: Local day to which the weights below have faded.
        counts: Weight of the active windows by row, 32-bit floats.
        silences: Newest last: local day, row, length in windows, 16 bits each.
        weeks: Weight of the normal days, in weeks.
        expected: False calls expected so far, faded.
        spent: False calls that came, faded.
        waits: The limits in force.
        counted: Where the latest silences began that count as false calls, local epoch seconds / 300.
        forgiven: The same of those that passed their limit and do not count, because of how their incident ended.
        places: Where silences are long, and where hardly ever.
        low_run: Active windows of the low-activity days since the last normal one, those with movement.
        questions: How often the home's own device has asked, faded.
        unanswered: How many of these nobody answered in time, faded.
    """

    days: int = 0
    low: bool = False
    normal: tuple[int, ...] = ()
    pace: Pace = Pace()
    held: Held | None = None
    upto: int = 0
    counts: bytes = b""
    silences: bytes = b""
    weeks: float = 0.0
    expected: float = 0.0
    spent: float = 0.0
    waits: stopping.Waits | None = None
    counted: tuple[int, ...] = ()
    forgiven: tuple[int, ...] = ()
    places: Places = Places()
    low_run: tuple[int, ...] = ()
    questions: float = 0.0
    unanswered: float = 0.0

    def limit_windows(self, window: int, context: int) -> int:
        """Limit in windows of a silence that begins in this window (0-287) of the day; 0 before there is any."""
        if self.waits is None:
            return 0
        row, known = row_of(context, window), len(self.waits.limits)
        limit: int = GRID[self.waits.limits[row if row < known else row % (2 * SLOTS)]]
        return limit

    def soft_windows(self, window: int, context: int) -> int:
        """After how many windows the home's own device asks; 0 when the rhythm does not say."""
        if self.waits is None or not self.waits.soft:
            return 0
        windows: int = GRID[self.waits.soft[row_of(context, window)]]
        return windows

    def asked_windows(self, window: int, context: int) -> int:
        """Limit in windows once the home was asked and nobody answers; 0 when it is the limit without a question."""
        if self.waits is None or not self.waits.asked:
            return 0
        windows: int = GRID[self.waits.asked[row_of(context, window)]]
        return windows

    @property
    def unanswered_share(self) -> float:
        """What of this home's questions nobody answers, as far as is known; 1 before it has answered any."""
        return (self.unanswered + UNANSWERED) / (self.questions + UNANSWERED)

    def answered(self, *, in_time: bool) -> Rhythm:
        """The rhythm after the home's own device had asked, and the silence is over."""
        more = 0.0 if in_time else 1.0
        return msgspec.structs.replace(self, questions=self.questions + 1, unanswered=self.unanswered + more)

    def rang(self, start: int) -> Rhythm:
        """The rhythm after a silence has rung before its limit, because nobody answered: it counts as a false call.

        Args:
            start: Last active window before it, local epoch seconds / 300.
        """
        if start in (*self.counted, *self.forgiven):
            return self
        return msgspec.structs.replace(self, spent=self.spent + 1, counted=(*self.counted, start)[-TOLD_MAX:])

    def usual_s(self, hour: int) -> int:
        """A silence that begins about this local hour is longer about once a week, seconds; 0 when not known."""
        if self.waits is None:
            return 0
        points = self.waits.usual[(hour * 12 + 6) // stopping.SLOT_WINDOWS]
        return GRID[points - 1] * 300 if points else 0

    def once_in_weeks(self, window: int, length_s: int, context: int | None = None) -> float:
        """How rare a silence this long is at this time of day (an hour and a half around): once in so many weeks.

        With a situation: of those that begin in it.
        """
        if not self.weeks:
            return 0.0
        slot, least = window // stopping.SLOT_WINDOWS, length_s / 300
        found = 0.5
        for day, row, length in self._silences():
            away = abs(row % SLOTS - slot)
            if context is not None and row // SLOTS != context:
                continue
            if length >= least and min(away, SLOTS - away) <= stopping.ABOUT_SLOTS:
                found += _faded(self.upto - day)
        return self.weeks / found

    def rare_s(self, window: int, least_s: int, weeks: float) -> int:
        """How long a silence at this time of day is that comes once in so many weeks, at least ``least_s``; seconds.

        Beyond what has been seen the lengths fall off exponentially, with a mean excess shrunk to an hour. 0 when
        nothing is known of the home.
        """
        if not self.weeks:
            return 0
        slot, found, over = window // stopping.SLOT_WINDOWS, 0.0, 0.0
        for day, row, length in self._silences():
            away = abs(row % SLOTS - slot)
            if length * 300 >= least_s and min(away, SLOTS - away) <= stopping.ABOUT_SLOTS:
                weight = _faded(self.upto - day)
                found += weight
                over += weight * (length * 300 - least_s)
        times = max(found, 0.5) / self.weeks * weeks
        excess_s = (over + 3600 * RARE_WEIGHT) / (found + RARE_WEIGHT)
        return least_s + int(excess_s * log(times)) if times > 1 else least_s

    @property
    def spent_per_week(self) -> float | None:
        """False calls that came lately, a week; older ones weigh less. None before a week is known."""
        if self.days < DAYS_A_WEEK:
            return None
        lasting_days = SPENT_HALF_LIFE_DAYS / log(2) * (1 - exp(-self.days * log(2) / SPENT_HALF_LIFE_DAYS))
        return self.spent / lasting_days * DAYS_A_WEEK

    def told(self, start: int, *, false: bool) -> Rhythm:
        """The rhythm after somebody has said what a silence that rang was; the last word counts, as often as it comes.

        Args:
            start: Last active window before it, local epoch seconds / 300.
            false: Nobody had needed anything. Otherwise it is no false call.
        """
        counted = tuple(at for at in self.counted if at != start)
        forgiven = tuple(at for at in self.forgiven if at != start)
        weight = 0.5 ** (max(self.upto - 1 - start // WINDOWS, 0) / SPENT_HALF_LIFE_DAYS)
        spent = self.spent
        if not false:
            spent -= weight if start in self.counted else 0.0
            forgiven = (*forgiven, start)[-TOLD_MAX:]
        elif start in self.counted or (start in self.forgiven and start // WINDOWS < self.upto):
            spent += weight if start in self.forgiven else 0.0
            counted = (*counted, start)[-TOLD_MAX:]
        return msgspec.structs.replace(self, counted=counted, forgiven=forgiven, spent=max(spent, 0.0))

    def hope(self, budget_per_week: float, pooled: float = 0.0) -> float:
        """False calls that come for each one expected: the home's own experience, and eight weeks of all homes'.

        ``pooled`` is what all homes have lately had; 0: what is known from the literature's homes.
        """
        weight = HOPE_WEEKS * budget_per_week
        usual = pooled or HOPE * exp(HOPE_POWER * log(budget_per_week))
        seen = (self.spent + usual * weight) / (self.expected + weight)
        return min(max(seen, HOPE_LEAST), HOPE_MOST)

    def folded(self, day: Day, next_window: int, terms: Terms) -> Rhythm:
        """The rhythm with one more day that is over, and limits chosen on these terms.

        Args:
            day: Its windows; at least one is active.
            next_window: The first active window after that day, local epoch seconds / 300.
            terms: The budget and the caps.
        """
        return _Folding(self, day, next_window).result().fitted(terms)

    def fitted(self, terms: Terms) -> Rhythm:
        """The rhythm with limits chosen on these terms, from what is known already."""
        lent = prior.share(self.days)
        ended = self._smoothed(prior.silences(terms.without, lent))
        kept = array("H", self.silences)
        counts, known = array("f", self.counts.ljust(4 * ROWS, b"\0")), self._known_share(kept)
        before = prior.counts(terms.without, lent)
        total = [a * known + b for a, b in zip(counts, before, strict=True)] if counts else before
        weeks = self.weeks * known + prior.WEEKS * lent
        hope = self.hope(terms.expected_per_week, terms.pooled)
        most, found = terms.price / hope, stopping.price_bounds(terms.budget_per_week, self.days)
        bounds = stopping.Bounds(most / FAR, most) if most else found
        asking = terms.prompt_share, terms.prompts_per_week, self.unanswered_share, terms.asks
        priced = stopping.Priced(hope, terms.most_per_week, *asking)
        waits = stopping.choose(total, ended, weeks, terms.budget_per_week / hope, terms.cap_points, bounds, priced)
        return msgspec.structs.replace(self, waits=waits)

    def _silences(self) -> Iterator[tuple[int, int, int]]:
        kept = array("H", self.silences)
        return zip(kept[::_FIELDS], kept[1::_FIELDS], kept[2::_FIELDS], strict=True)

    def _smoothed(self, ended: list[float]) -> list[list[float]]:
        """Weight of the silences by row and ``passed`` of their length, smoothed over the slots.

        Args:
            ended: The same of what is known of any home, row after row.
        """
        beside, two_off = KERNEL[1], KERNEL[0]
        rows = [ended[first : first + PASSED] for first in range(0, ROWS * PASSED, PASSED)]
        near_rows = [(rows[a], rows[b], rows[c], rows[d], rows[e]) for a, b, c, d, e in NEAR_ROWS]
        for cell, weight in self._weighed().items():
            points = cell % PASSED
            far, near, here, near_on, far_on = near_rows[cell // PASSED]
            far[points] += (little := two_off * weight)
            near[points] += (half := beside * weight)
            here[points] += KERNEL[2] * weight
            near_on[points] += half
            far_on[points] += little
        return rows

    def _weighed(self) -> dict[int, float]:
        """Weight of the silences by row, times ``PASSED``, and ``passed`` of their length."""
        weights: defaultdict[int, float] = defaultdict(float)
        fade, of_day, weight = 0.5 ** (1 / HALF_LIFE_DAYS), -1, 0.0
        for day, row, length in self._silences():
            if day != of_day:
                of_day, weight = day, fade ** (self.upto - day)
            weights[row * PASSED + POINTS_PASSED[length]] += weight
        return weights

    def _known_share(self, kept: array[int]) -> float:
        """What of the weight of all windows lies in the time that the silences kept still reach back to."""
        if len(kept) < SILENCES_MAX * _FIELDS:
            return 1.0
        return 1.0 - _faded(self.upto - kept[0])


def _faded(days: int) -> float:
    return float(0.5 ** (days / HALF_LIFE_DAYS))


class _Folding:
    """One day on its way into a rhythm."""

    def __init__(self, rhythm: Rhythm, day: Day, next_window: int) -> None:
        self._rhythm, self._day, self._next = rhythm, day, next_window
        self._low = is_low(day.count, rhythm.normal)
        self._silences = array("H", rhythm.silences)
        self._counts = array("f", rhythm.counts.ljust(4 * ROWS, b"\0"))
        self._spent = 0.0
        self._counted: list[int] = []

    def result(self) -> Rhythm:
        """The rhythm after this day; the days without a single window that follow it are of low activity."""
        rhythm, number = self._rhythm, self._day.number
        passed_days = max(number + 1 - rhythm.upto, 0) if rhythm.upto else 1
        fade, spent_fade = _faded(passed_days), 0.5 ** (passed_days / SPENT_HALF_LIFE_DAYS)
        self._counts = array("f", map(fade.__mul__, self._counts))
        if rhythm.held is not None and not self._low:
            self._learn(rhythm.held)
        pace, held = self._through()
        empty = self._next // WINDOWS - number - 1
        away = empty > 0 and len(rhythm.normal) >= LOW_FROM_DAYS
        if self._low or away or (held is not None and held.length > GONE_WINDOWS):
            held = None
        known = not self._low
        normal = (*rhythm.normal, self._day.count)[-NORMAL_DAYS:] if known else rhythm.normal
        low_run = () if known else (*rhythm.low_run, self._day.count)
        if is_new_normal(low_run, normal):
            normal, low_run = low_run, ()
        return msgspec.structs.replace(
            rhythm,
            days=rhythm.days + known,
            low=self._low or empty > 0,
            normal=normal,
            low_run=low_run,
            pace=pace,
            held=held,
            upto=number + 1,
            counts=self._counts.tobytes(),
            silences=self._silences[-SILENCES_MAX * _FIELDS :].tobytes(),
            weeks=rhythm.weeks * fade + known / 7,
            expected=rhythm.expected * spent_fade
            + (known * rhythm.waits.expected_per_week / 7 if rhythm.waits is not None else 0.0),
            spent=rhythm.spent * spent_fade + self._spent,
            counted=(*rhythm.counted, *self._counted)[-TOLD_MAX:],
            questions=rhythm.questions * spent_fade,
            unanswered=rhythm.unanswered * spent_fade,
            places=rhythm.places.folded(self._day.places if known else {}, fade),
        )

    def _through(self) -> tuple[Pace, Held | None]:
        """Walk through the day; the last silence is held back until the day on which it ended is over."""
        pace, start = self._rhythm.pace, self._day.number * WINDOWS
        last: tuple[int, int, bool] | None = None
        for window, kind, unsure in self._day.active():
            if last is not None and not self._low and not last[2]:
                if window - last[0] > LEAST_WINDOWS:
                    self._learn(self._silence(last[0], last[1], window - last[0]))
                else:
                    self._counts[row_of(last[1], last[0])] += 1
            pace = pace.after(start + window)
            last = window, pace.context(kind), unsure
        assert last is not None, "a day that is folded in has an active window"
        held = None if last[2] else self._silence(last[0], last[1], self._next - start - last[0])
        return pace, held

    def _silence(self, window: int, context: int, length: int) -> Held:
        limit = self._rhythm.limit_windows(window, context) if length > LEAST_WINDOWS else 0
        return Held(self._day.number, window, context, length, over=0 < limit < length)

    def _learn(self, silence: Held) -> None:
        row = row_of(silence.context, silence.window)
        self._counts[row] += 1
        start = silence.day * WINDOWS + silence.window
        if silence.over and start not in (*self._rhythm.forgiven, *self._rhythm.counted):
            self._spent += 1
            self._counted.append(start)
        if silence.length > LEAST_WINDOWS:
            self._silences.extend((silence.day, row, min(silence.length, LENGTH_MOST)))
