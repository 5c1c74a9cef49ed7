"""The words of care that is owed: visits (走访), calls (电话), early warnings (预警), referrals (转介)."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from alerting.care.referral import Referral

CARE = "@care@"
"""Stands before the household in the key of its care."""
ROUND = "@round@"
"""Stands before the person in the key of what they are to do."""


class CareKind(StrEnum):
    """What is owed."""

    VISIT = "visit"
    """Somebody goes and sees the resident."""
    CALL = "call"
    """Somebody telephones and speaks with the resident."""
    WARNING = "warning"
    """An early warning of another department is looked into and answered."""
    REFERRAL = "referral"
    """A need that was sent to a department or organisation is accepted and answered."""


WEEKLY = (CareKind.VISIT, CareKind.CALL)
"""What is owed again and again."""


class CareStage(IntEnum):
    """How far a duty has climbed."""

    OWED = 1
    REMINDED = 2
    """The responsible person has been reminded."""
    DEPUTY = 3
    """Late: the deputy (B 岗) is asked too."""
    TOWN = 4
    """Later: the town's responsible person is asked."""
    SUPERVISOR = 5
    """Still not done: the supervisor sees it first of all."""


class CareEnd(StrEnum):
    """How a duty has ended."""

    DONE = "done"
    """In time."""
    LATE = "late"
    """Done, after its time."""
    AWAY = "away"
    """Nobody is at home: in hospital, travelling."""
    MISSED = "missed"
    """Not done, and two more of its kind have become due since."""
    CHANGED = "changed"
    """Not owed any more: the home or its label is another one."""


class CareResult(StrEnum):
    """What became of a visit or call."""

    WELL = "well"
    """The resident was seen, or spoken with, and is well."""
    NEEDS = "needs"
    """Seen or spoken with, and needs something."""
    NOBODY = "nobody"
    """Nobody opened, or answered."""
    AWAY = "away"
    """The resident is not at home: in hospital, travelling, with family."""
    REFUSED = "refused"
    """The resident does not want it."""


MET = frozenset({CareResult.WELL, CareResult.NEEDS})
"""Somebody knows how the resident is."""
ENDS = {CareResult.WELL, CareResult.NEEDS, CareResult.AWAY}
"""What a duty ends by."""


class CareDuty(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is owed. Moments are UTC epoch seconds.

    Attributes:
        kind: What.
        number: Local day on which its time begins, days since 1970; of an early warning or referral, its number in the
            household. With household and kind it names this one.
        since_s: From when it can be done.
        due_s: Until when it is to be done.
        stage: How far it has climbed.
        tries: Visits and calls at which nobody was met.
        told: Ids of the persons who have been asked.
    """

    kind: CareKind
    number: int
    since_s: int
    due_s: int
    stage: CareStage = CareStage.OWED
    tries: int = 0
    told: tuple[str, ...] = ()


class LastGiven(msgspec.Struct, frozen=True, array_like=True):
    """The last visit or call, as long as it can be taken back: what it had ended. UTC epoch seconds."""

    number: int
    by: str
    at_s: int
    ended: tuple[CareDuty, ...] = ()


class LastReferred(msgspec.Struct, frozen=True, array_like=True):
    """The last step about a referral, as long as it can be taken back: how all stood before. UTC epoch seconds."""

    number: int
    by: str
    at_s: int
    before: Referral | None = None
    duty: CareDuty | None = None


class CareState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The care of one household.

    Attributes:
        key: ``@care@`` and the case number.
        owed: What is owed, the first first.
        begun: By kind, the number of the latest duty, whatever became of it.
        given: How many visits and calls there have been.
        last: The last of them.
        warned: How many early warnings there have been.
        armed_s: When the store will wake it, UTC epoch seconds; 0: not armed.
        referrals: Those that are not over.
        referred: How many referrals there have been.
        last_referred: The last step about one.
    """

    key: str
    owed: tuple[CareDuty, ...] = ()
    begun: dict[CareKind, int] = {}
    given: int = 0
    last: LastGiven | None = None
    warned: int = 0
    armed_s: int = 0
    referrals: tuple[Referral, ...] = ()
    referred: int = 0
    last_referred: LastReferred | None = None

    @property
    def home(self) -> str:
        """The household's case number."""
        return home_of(self.key)


class CareGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit or call, as it is kept.

    Attributes:
        number: Counted per household, from 1.
        kind: Visit or call.
        at: When, UTC.
        by: Login of who says so.
        result: What became of it.
        text: What they wrote.
        lat: Where the telephone was, degrees, WGS-84; None: not told.
        lon: The same.
        accuracy_m: How sure that is, metres.
    """

    number: int
    kind: CareKind
    at: datetime
    by: str
    result: CareResult
    text: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None


def care_key(home: str) -> str:
    """The key of a household's care."""
    return f"{CARE}{home}"


def home_of(key: str) -> str:
    """The household of a key of care."""
    return key.removeprefix(CARE)


def round_key(person: str) -> str:
    """The key of what a person is to do."""
    return f"{ROUND}{person}"
