"""A home's own rhythm: the longest usual silence by the hour in which it begins.

First form, behind the seam that the learned detector will fill: per local hour the longest silence of each of the
last four weeks. Memory is constant (4 × 24 numbers a home).
"""

from __future__ import annotations

import msgspec

WEEKS = 4
HOURS = 24
DAYS_A_WEEK = 7


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was learned of one home.

    Attributes:
        days: Days of observation so far.
        weeks: Newest week first; each holds 24 longest silences in minutes, by local hour of their beginning.
    """

    days: int = 0
    weeks: tuple[tuple[int, ...], ...] = ()

    def usual_s(self, hour: int) -> int:
        """Longest silence that began in this local hour or a neighbouring one in the last weeks, seconds."""
        if not self.weeks:
            return 0
        around = ((hour - 1) % HOURS, hour, (hour + 1) % HOURS)
        return 60 * max(week[h] for week in self.weeks for h in around)

    def fitted(self, tail: tuple[tuple[int, int], ...], *, utc_offset_s: int, days: int) -> Rhythm:
        """The rhythm after ``days`` more days with these silences.

        Args:
            tail: (start as UTC epoch seconds, length in minutes) of each silence since the last fit.
            utc_offset_s: Local time, seconds east of Greenwich.
            days: Whole days that passed since the last fit; at least 1.
        """
        weeks = list(self.weeks) or [(0,) * HOURS]
        for _ in range((self.days % DAYS_A_WEEK + days) // DAYS_A_WEEK if self.days else 0):
            weeks.insert(0, (0,) * HOURS)
        newest = list(weeks[0])
        for start_s, length_min in tail:
            hour = (start_s + utc_offset_s) // 3600 % HOURS
            newest[hour] = max(newest[hour], length_min)
        weeks[0] = tuple(newest)
        return Rhythm(days=self.days + days, weeks=tuple(weeks[:WEEKS]))
