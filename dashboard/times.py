"""Local time of the service, 24 hours, ISO dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone


class LocalTime:
    """Turns UTC moments into what the clock on the wall says.

    Args:
        utc_offset_h: Hours east of Greenwich; no summer time.
    """

    def __init__(self, utc_offset_h: float) -> None:
        """Fix the offset."""
        self.zone = timezone(timedelta(hours=utc_offset_h))

    def local(self, moment: datetime) -> datetime:
        """The moment on the wall clock."""
        return moment.astimezone(self.zone)

    def midnight(self, moment: datetime) -> datetime:
        """The start, in UTC, of the local day that ``moment`` lies in."""
        day = self.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        return day.astimezone(UTC)

    def begins(self, day: date) -> datetime:
        """The start, in UTC, of a local day."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def clock(self, moment: datetime) -> str:
        """Hours, minutes, seconds."""
        return self.local(moment).strftime("%H:%M:%S")

    def full(self, moment: datetime) -> str:
        """Date and time to the second."""
        return self.local(moment).strftime("%Y-%m-%d %H:%M:%S")

    def brief(self, moment: datetime, now: datetime, *, seconds: bool = True) -> str:
        """Time alone today, else with its date."""
        there, here = self.local(moment), self.local(now)
        clock = "%H:%M:%S" if seconds else "%H:%M"
        if there.date() == here.date():
            return there.strftime(clock)
        return there.strftime("%m-%d %H:%M" if there.year == here.year else "%Y-%m-%d %H:%M")


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970, for the console's own arithmetic with ages."""
    return round(moment.timestamp() * 1000)
