"""What is known of one household: hot state, and its learned rhythm apart."""

from __future__ import annotations

import msgspec

from alerting.decisions import AnyDecision
from alerting.homes.blindness import Blind
from alerting.homes.protection import Protection
from alerting.homes.supervision import DeviceMemory
from alerting.homes.testing import Tests
from alerting.model import Incident, RiskTier
from alerting.silence.inactivity import Quiet
from alerting.silence.labels import Labels
from alerting.silence.rhythm import Rhythm


class HouseholdState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hot state of one household: at most about 1 KB, written with each commit.

    Attributes:
        key: Case number.
        tier: Urgency label.
        devices: Memory by registry id.
        quiet: What is remembered of movement.
        open: The running incident.
        closed: The last one, while it can be taken up again.
        incidents: How many there have been.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
        unseen: The home-cannot-be-seen alarm has been raised, and the home cannot be seen still.
        blind: Since when its signals may have been missed.
        labels: What its latest silences that rang turned out to be.
        tests: The announced step, and the last test press.
        protection: Whether it is a protected home, or why not.
    """

    key: str
    tier: RiskTier = RiskTier.CARE
    devices: dict[str, DeviceMemory] = {}
    quiet: Quiet = Quiet()
    open: Incident | None = None
    closed: Incident | None = None
    incidents: int = 0
    armed_s: int = 0
    unseen: bool = False
    blind: Blind = Blind()
    labels: Labels = Labels()
    tests: Tests = Tests()
    protection: Protection = Protection()


class Memory(msgspec.Struct, frozen=True):
    """A household whole: hot state and learned rhythm, which are stored apart."""

    hot: HouseholdState
    rhythm: Rhythm = Rhythm()


Judged = tuple[Memory, list[AnyDecision]]
