"""Plain values out of untrusted messages: objects, numbers, moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TypeVar

import msgspec

from device_adapters.adapter import Rejected

T = TypeVar("T")

OLDEST = datetime(2020, 1, 1, tzinfo=UTC)
"""No device of ours is older: an earlier time is a clock that was never set."""

AHEAD = timedelta(days=1)
"""A device's clock may be this far ahead of the arrival."""

_MILLISECONDS_FROM = 100_000_000_000
"""Unix numbers from here on are milliseconds: as seconds they would lie in the year 5138."""

_MAX_TIME_TEXT = 48
_LONGEST_ID = 64
_HUGE = 2**63
_MOST_PERCENT = 100
_POLE, _DATE_LINE = 90, 180


def read_object(decoder: msgspec.json.Decoder[T], payload: bytes) -> T:
    """The payload as the decoder's type.

    Raises:
        Rejected: Not JSON, or not of that shape. The reason names places, never the values found there.
    """
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise Rejected(f"wrong shape: {_shape(str(error))}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected(f"not JSON: {_where(error)}") from None
    except RecursionError:
        raise Rejected("not JSON: nested without end") from None


def _shape(complaint: str) -> str:
    if not complaint.startswith("Invalid enum value"):
        return complaint
    return f"unknown value - at {complaint.rpartition(' - at ')[2]}"


def _where(error: Exception) -> str:
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def number(value: object) -> float | None:
    """The value when it is a number of sensible size, else None; true and false are no numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_HUGE < value < _HUGE:
        return None
    return value


def whole(value: object, most: int) -> int | None:
    """The value when it is a whole number from 0 to ``most``, else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        return None
    return int(value) if value == int(value) else None


def text(value: object, longest: int = 64) -> str:
    """The value when it is text, cut to ``longest`` characters; else empty."""
    return value[:longest] if isinstance(value, str) else ""


def identity(value: object) -> str:
    """What tells a thing from every other, in at most 64 printable characters; empty when it is no text.

    Nothing is cut off: of what is longer, or cannot be stored as it is, the beginning is kept and a hash of the whole.
    """
    if not isinstance(value, str) or (len(value) <= _LONGEST_ID and value.isprintable()):
        return value if isinstance(value, str) else ""
    beginning = "".join(ch for ch in value[: _LONGEST_ID - 33] if ch.isprintable())
    return f"{beginning}~{blake2b(value.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def percent_of(value: object) -> float | None:
    """The value when it is a percentage, else None."""
    found = number(value)
    return found if found is not None and 0 <= found <= _MOST_PERCENT else None


def valid_place(lat: float, lon: float) -> bool:
    """Whether degrees can be a place: in range, and not the 0/0 of a receiver without a fix."""
    return abs(lat) <= _POLE and abs(lon) <= _DATE_LINE and (lat, lon) != (0, 0)


def is_plausible(moment: datetime, arrived_at: datetime) -> bool:
    """Whether a device may have meant this time: not before 2020, at most a day ahead of the arrival."""
    return OLDEST <= moment <= arrived_at + AHEAD


def device_time(raw: object, arrived_at: datetime) -> datetime | None:
    """What a device wrote as its time, as aware UTC.

    Args:
        raw: ISO 8601 text with an offset, or Unix seconds or milliseconds.
        arrived_at: When the message arrived, aware UTC.

    Returns:
        None for anything that is no time, has no offset, or cannot be plausible.
    """
    if raw is None:
        return None
    moment = _from_text(raw) if isinstance(raw, str) else _from_number(number(raw))
    if moment is None or not is_plausible(moment, arrived_at):
        return None
    return moment


def as_written(raw: object) -> int | float | str | None:
    """A device's time as it wrote it, to be kept as evidence; None for what is neither text nor number."""
    if isinstance(raw, str):
        return raw[:_MAX_TIME_TEXT]
    return number(raw)


def _from_text(raw: str) -> datetime | None:
    if len(raw) > _MAX_TIME_TEXT:
        return None
    try:
        moment = datetime.fromisoformat(raw)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_number(raw: float | None) -> datetime | None:
    if raw is None:
        return None
    try:
        return datetime.fromtimestamp(raw / 1000 if raw >= _MILLISECONDS_FROM else raw, UTC)
    except (ValueError, OverflowError, OSError):
        return None
