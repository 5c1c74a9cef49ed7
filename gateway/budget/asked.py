"""What a screen may ask about the budget of false inactivity alarms: what may be had, what is expected, what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

import msgspec

from alerting.budget.spending import Budget, Price
from alerting.model import RiskTier
from gateway.budget.trying import Trial
from gateway.desk.duty_desk import EditionRow


class Spend(msgspec.Struct, frozen=True, kw_only=True):
    """False alarms of inactivity that came to some homes, by when their incident was opened.

    Attributes:
        key: Tier, area key or household.
        name: For people.
        today: Since local midnight.
        week: In the last 7 local days, today among them.
        month: In the last 28.
        real: Those of 28 days in which help was needed.
        open: Those of 28 days whose incident is not closed: what they were is not known yet.
        tier: Of a household.
    """

    key: str
    name: str = ""
    today: int = 0
    week: int = 0
    month: int = 0
    real: int = 0
    open: int = 0
    tier: str = ""


class OwnNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A home with a number of its own: false alarms a week; of a home that is no longer known the key alone."""

    key: str
    per_week: float
    name: str = ""
    tier: str = ""
    month: int = 0


class BudgetDay(msgspec.Struct, frozen=True, kw_only=True):
    """One local day: what may be had, what the count of that night expected (None: no count), and what came."""

    day: date
    false: int
    real: int
    open: int
    budget: float | None = None
    expected: float | None = None


class BudgetView(msgspec.Struct, frozen=True, kw_only=True):
    """The budget and its spending, of one area; budget and expectation are the whole city's.

    Attributes:
        budget: In force.
        number: Number of its edition; 0: as in the settings.
        price: What the last count came to.
        per_day: What may be had a day.
        expected_per_day: What the limits in force lead one to expect.
        counted_days: So many whole days the budget has been counted, up to today; 27 at most.
        usual_caps_h: By day and by night, no silence lasts longer by the settings, hours.
        usual_tier_cap: By tier: what the settings multiply both by.
        homes: Homes that could raise an alarm for inactivity.
        known: Those of them with limits of their own life.
        all: Everything that came.
        days: The last 28 days, the oldest first.
        tiers: By tier, the highest risk first.
        towns: By town.
        most: The homes that had most in 28 days.
        own: The homes with a number of their own, and what came of it in 28 days.
        history: The latest saved budgets, the latest first.
    """

    budget: Budget
    number: int
    price: Price
    per_day: float
    expected_per_day: float
    counted_days: int
    usual_caps_h: tuple[float, float]
    usual_tier_cap: dict[RiskTier, float]
    homes: int
    known: int
    all: Spend
    days: tuple[BudgetDay, ...]
    tiers: tuple[Spend, ...]
    towns: tuple[Spend, ...]
    most: tuple[Spend, ...]
    own: tuple[OwnNumber, ...]
    history: tuple[EditionRow, ...]


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What a budget would mean, as the homes' own curves have it.

    Attributes:
        before_per_day: Expected with the limits in force.
        after_per_day: Expected once every home waits as the budget says.
        before_min: By tier: mean limit in force, minutes.
        after_min: By tier: the same then.
        nights: So many counts it takes at least, since a price moves by a factor of two a day; 0: at once.
    """

    before_per_day: float
    after_per_day: float
    before_min: dict[RiskTier, float]
    after_min: dict[RiskTier, float]
    nights: int = 0


class BudgetDesk(Protocol):
    """What a screen may ask about the budget."""

    async def budget(self, area: str = "") -> BudgetView:
        """The budget, and what came in an area."""

    async def would_mean(self, budget: Budget) -> Meant:
        """What another budget would mean; nothing is saved."""

    def trial(self) -> Trial | None:
        """The trial on stored windows that runs or was run last; kept until another one, or a restart."""

    async def begin_trial(self, budget: Budget, days: int, by: str, based_on: int) -> str:
        """Try a budget on the last whole days, beside everything else.

        Returns:
            Empty when it has begun; else why not: ``trial_runs`` while another one is being tried,
            ``edited_meanwhile`` when ``based_on`` is not the number in force, ``store_away`` when no price was found
            for it in time.
        """

    async def end_trial(self) -> None:
        """End the trial that runs."""

    def trial_names(self, homes: Iterable[str]) -> dict[str, str]:
        """What homes are called that are still registered."""

    async def budgets(self, number: int) -> Budget | None:
        """A saved budget by its number."""

    async def budget_history(self) -> Sequence[EditionRow]:
        """The latest saved budgets, the latest first."""
