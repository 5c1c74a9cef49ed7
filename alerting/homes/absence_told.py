"""What the rules decide about an absence."""

from __future__ import annotations

from datetime import datetime

from alerting.decision import Decision
from alerting.homes.away import AwayEnd, AwayKind, SaidBy


class AbsenceBegun(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="absence"):
    """The home's n-th absence is known: nobody is at home between these moments. As in ``BeginAbsence``."""

    number: int
    stage: str
    kind: AwayKind
    since: datetime
    until: datetime
    said_by: SaidBy
    who: str = ""
    by: str = ""
    reason: str = ""


class AbsenceChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="absence_changed"):
    """How the home's n-th absence stands now. ``ended`` is None while it has not; ``by``: who said so."""

    number: int
    stage: str
    until: datetime
    ended: AwayEnd | None = None
    by: str = ""
