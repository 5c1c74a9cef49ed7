"""What is known of one household: hot state, and its learned rhythm apart."""

from __future__ import annotations

import msgspec

from alerting.decisions import AnyDecision
from alerting.homes.away import Away
from alerting.homes.blindness import Blind
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.follow_up import FollowUp
from alerting.homes.hubs import Behind
from alerting.homes.testing import Tests
from alerting.model import Incident, RiskTier
from alerting.silence.inactivity import Quiet
from alerting.silence.labels import Labels
from alerting.silence.rhythm import Rhythm


class Growing(msgspec.Struct, frozen=True, array_like=True):
    """What was done about the present silence: hot state, so short. Moments are UTC epoch seconds.

    Attributes:
        asked_s: When the home was last asked by itself.
        until_s: Until when an answer is waited for; 0 once the silence has ended.
        day: Local day on which it was asked.
        times: How often on that day.
        grave_s: So long a silence is rare even for this home; 0: none that has rung is growing. Seconds.
    """

    asked_s: int = 0
    until_s: int = 0
    day: int = 0
    times: int = 0
    grave_s: int = 0


class Cared(msgspec.Struct, frozen=True, array_like=True):
    """What the last visit or call has done to the present silence, so that it can be undone. UTC epoch seconds.

    Attributes:
        number: Of the visit or call; 0: none.
        at_s: When it was: the silence counts from then.
        active_s: From when it counted before.
        blind_s: So much of that was not counted.
        alarmed: It had rung.
    """

    number: int = 0
    at_s: int = 0
    active_s: int = 0
    blind_s: int = 0
    alarmed: bool = False


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
        growing: What was done about the present silence.
        absent_s: Nobody was, or is, at home until then, UTC epoch seconds; 0: somebody has moved since.
        follow_up: The follow-up call that is owed to it.
        notes: How many notes its case file has had.
        tests: The announced step, and the last test press.
        lacks: What it lacks to be a protected home; empty: it is one. None: not judged yet.
        lacks_s: Since when it lacks something, UTC epoch seconds; 0: it does not.
        away: The absence that is known.
        helped: The present silence is not learned only because its incident was closed as one in which help was needed.
        mute: The cannot-call alarm has been raised, and the resident cannot call still.
        cared: What the last visit or call has done to the present silence.
        behind: Ids of the devices that are heard only through a hub, by its id; empty: all of them, or not known.
        fix: Where its portable alarm was last, as ``alerting.homes.fix`` writes it; empty: it has not said.
    """

    key: str
    tier: RiskTier = RiskTier.CARE
    devices: dict[str, DeviceMemory] = {}
    quiet: Quiet = Quiet()
    open: Incident | None = None
    closed: Incident | None = None
    incidents: int = 0
    armed_s: float = 0
    unseen: bool = False
    blind: Blind = Blind()
    labels: Labels = Labels()
    growing: Growing = Growing()
    absent_s: int = 0
    follow_up: FollowUp = FollowUp()
    notes: int = 0
    tests: Tests = Tests()
    lacks: tuple[str, ...] | None = None
    lacks_s: int = 0
    away: Away = Away()
    helped: bool = False
    mute: bool = False
    cared: Cared = Cared()
    behind: Behind = {}
    fix: str = ""

    @property
    def has_hub(self) -> bool:
        """Whether the home has a device through which its resident can be asked, heard just now or not."""
        return any(device.role == "hub" for device in self.devices.values())


class Memory(msgspec.Struct, frozen=True):
    """A household whole: hot state and learned rhythm, which are stored apart."""

    hot: HouseholdState
    rhythm: Rhythm = Rhythm()


Judged = tuple[Memory, list[AnyDecision]]
