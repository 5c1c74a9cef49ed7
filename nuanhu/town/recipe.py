"""From what a town follows: enough for another process to plan the very same one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.town.play import with_played_home


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Seed and size of a town, and a real home's log to be played in it, whose last day is laid on ``at``."""

    seed: int
    households: int
    at: datetime
    play: Path | None = None

    def plan(self) -> TownPlan:
        """The town. Raises ``ValueError`` when it cannot be: out of bounds, or the log cannot be read."""
        plan = plan_town(self.seed, self.households)
        return plan if self.play is None else with_played_home(plan, self.play, self.at)
