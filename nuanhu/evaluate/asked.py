"""A log whose home could have been asked: what its own device would have asked, and when it would have rung.

Nobody knows what the people of a log would have answered. So many of the questions are taken to be answered, evenly: of
two in three the first is not, the second and third are. Who has collapsed answers none.
"""

from __future__ import annotations

from math import floor

import msgspec

from alerting.homes import long_silence, silence_ends
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.state import Growing, HouseholdState, Memory
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.inactivity import Quiet, moment
from alerting.silence.rhythm import Rhythm

ANSWER_S = 60
"""So long after a question its answer comes."""
DEVICES = {"hub": DeviceMemory("hub", "", 0, 0), "eye": DeviceMemory("motion", "", 0, 0)}


class Silence(msgspec.Struct, frozen=True):
    """One silence of the log.

    Attributes:
        limit_s: When it would have rung with nobody to answer, seconds after the last activity.
        rang: It did ring.
        answered_s: When the question in it was answered, epoch seconds; 0: none was.
        quiet: The memory then.
        rhythm: What is learned of it.
    """

    limit_s: int
    rang: bool
    answered_s: int
    quiet: Quiet
    rhythm: Rhythm


class AskedHome:
    """The home of a log with a hub that can ask.

    Args:
        share: Of the questions that are answered, 0 to 1.
        tier: The home's risk tier.
        policy: The centre's settings.
    """

    def __init__(self, share: float, tier: RiskTier, policy: Policy) -> None:
        """Nothing was asked yet."""
        self.share, self._tier, self._policy = share, tier, policy
        self._growing = Growing()
        self.questions = self.answered = 0

    def over(self, quiet: Quiet, rhythm: Rhythm, until_s: int) -> Silence:
        """The silence that ends at ``until_s``, through the steps that run live."""
        hot = HouseholdState(key="home", tier=self._tier, devices=DEVICES, quiet=quiet, growing=self._growing)
        memory, lived = Memory(hot, rhythm), Memory(hot, rhythm)
        now_s, answered_s = quiet.active_s, 0
        while not memory.hot.quiet.alarmed:
            now_s = max(long_silence.due_s(memory, moment(now_s), self._policy), now_s)
            memory, _ = long_silence.pass_time(memory, moment(now_s), self._policy)
            if now_s < until_s and not answered_s:
                lived = memory
                answered_s = self._asked(memory, now_s, until_s)
        rang = now_s < until_s and not answered_s
        after, _ = silence_ends.ended(lived, moment(answered_s or until_s), "well" if answered_s else "motion")
        self._growing = after.hot.growing
        return Silence(now_s - quiet.active_s, rang, answered_s, lived.hot.quiet, after.rhythm)

    def _asked(self, memory: Memory, now_s: int, until_s: int) -> int:
        """When the question of this very moment is answered by the key; 0: it is not, or there is none."""
        if memory.hot.growing.asked_s != now_s or memory.hot.quiet.alarmed:
            return 0
        n, self.questions = self.questions, self.questions + 1
        if floor((n + 1) * self.share) == floor(n * self.share) or now_s + ANSWER_S >= until_s:
            return 0
        self.answered += 1
        return now_s + ANSWER_S
