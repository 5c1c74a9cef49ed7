"""What screens are shown of an area incident."""

from __future__ import annotations

from datetime import datetime

import msgspec


class MemberRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home of an area incident: since when, since when it is back, and its own running incident."""

    key: str
    resident: str
    address: str
    town: str
    village: str
    tier: str
    since: datetime
    back: datetime | None = None
    open_incident: str = ""
