"""The Desk's side for the budget, of a running gateway."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from math import ceil, log

import msgspec

from alerting.budget import city
from alerting.budget.count import Count
from alerting.budget.spending import Budget
from alerting.casefile import AreaLevel, Household, covers
from alerting.duty.editions import BUDGET, PRICE, budget_from, price_from
from alerting.model import RiskTier
from alerting.policy import H
from alerting.silence.curve import Curve
from gateway.budget.asked import BudgetDay, BudgetView, Meant, OwnNumber, Spend
from gateway.budget.came import FALSE, OPEN, REAL, Came, Row
from gateway.budget.trying import Job, Trial, Trials
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.duty_desk import EditionRow
from gateway.store.editions import Saved
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer

DAYS, WEEK, MOST = 28, 7, 10
DAY = timedelta(days=1)
COUNTED_FOR_S = 60.0


class LiveBudget:
    """See ``gateway.budget.asked.BudgetDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        saved: Questions about saved editions, and about incidents by time.
        writer: Holds the states and the policy in force.
        clock: Service time.
    """

    def __init__(self, directory: Directory, saved: Saved, writer: Writer, clock: Clock) -> None:
        """Answer from these parts."""
        self.__directory = directory
        self.__saved = saved
        self.__writer = writer
        self.__clock = clock
        self.__ask = Asking().ask
        self.__came = Came(saved)
        self.__counted: tuple[int, float, dict[RiskTier, Count]] | None = None
        self.__stranger: tuple[int, Curve] | None = None
        self.trials: Trials | None = None

    async def budget(self, area: str = "") -> BudgetView:
        """The budget, and what came in an area."""
        policy = self.__writer.judge.policy
        zone = timezone(timedelta(seconds=policy.utc_offset_s))
        midnight = self.__clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        since = midnight - (DAYS - 1) * DAY
        nothing: list[Row] = []
        came = self._within(area, await self.__ask(nothing, self.__came.since, since))
        tiers = await self.__ask({}, self._counted_lately)
        known = city.with_the_unknown(tiers, self._stranger())
        prices = await self.__ask([], self.__saved.since, PRICE, since)
        homes = {tier: count.homes - count.own for tier, count in tiers.items()}
        per_day = policy.budget.per_day(homes, sum(count.own_per_week for count in tiers.values()))
        expected_per_day = city.in_force_per_week(known) / WEEK
        first = min((at for at, _ in prices), default=midnight).astimezone(zone)
        return BudgetView(
            budget=policy.budget,
            number=policy.editions.budget_number,
            price=policy.editions.price,
            per_day=per_day,
            expected_per_day=expected_per_day,
            counted_days=(midnight.date() - first.date()).days,
            usual_caps_h=(policy.cap_day_s / H, policy.cap_night_s / H),
            usual_tier_cap=policy.tier_cap,
            homes=sum(count.homes for count in tiers.values()),
            known=sum(count.known + count.own for count in tiers.values()),
            all=_spend("", "", came, midnight),
            days=_with_today(_days(came, prices, since), per_day, expected_per_day),
            tiers=self._tiers(came, midnight),
            towns=self._towns(area, came, midnight),
            most=self._most(came, midnight),
            own=self._own(area, policy.budget, came),
            history=tuple(await self.budget_history()),
        )

    def _counted(self) -> dict[RiskTier, Count]:
        judge = self.__writer.judge
        return judge.states.counted([*self.__directory.households], judge.policy.budget).tiers

    def _counted_lately(self) -> dict[RiskTier, Count]:
        """The same, at most a minute old; anew once another edition is in force."""
        now_s, edition = self.__clock.monotonic_s(), self.__writer.judge.policy.editions.number
        if self.__counted is None or self.__counted[0] != edition or now_s > self.__counted[1] + COUNTED_FOR_S:
            self.__counted = edition, now_s, self._counted()
        return self.__counted[2]

    def _stranger(self) -> Curve:
        """The curve of a home of which nothing is known, under the editions in force."""
        policy = self.__writer.judge.policy
        if self.__stranger is None or self.__stranger[0] != policy.editions.number:
            self.__stranger = policy.editions.number, city.stranger(policy)
        return self.__stranger[1]

    def _within(self, area: str, rows: Iterable[Row]) -> list[tuple[Household, datetime, str]]:
        """(home, when it rang, what it was) of the incidents in an area that a silence had rung for."""
        homes = self.__directory.households
        found = []
        for key, at, word in rows:
            home = homes.get(key)
            if home is not None and covers(area, home.area):
                found.append((home, at, word))
        return found

    def _tiers(self, came: list[tuple[Household, datetime, str]], midnight: datetime) -> tuple[Spend, ...]:
        return tuple(
            _spend(tier.value, tier.value, [it for it in came if it[0].tier is tier], midnight) for tier in RiskTier
        )

    def _towns(self, area: str, came: list[tuple[Household, datetime, str]], midnight: datetime) -> tuple[Spend, ...]:
        areas = [it for it in self.__directory.areas.values() if covers(area, it.key)]
        towns = [it for it in areas if it.level is AreaLevel.TOWN] or areas[:1]
        return tuple(
            _spend(town.key, town.name, [it for it in came if covers(town.key, it[0].area)], midnight) for town in towns
        )

    def _most(self, came: list[tuple[Household, datetime, str]], midnight: datetime) -> tuple[Spend, ...]:
        by_home = defaultdict(list)
        for it in came:
            by_home[it[0].key].append(it)
        spends = [_spend(key, mine[0][0].title, mine, midnight, mine[0][0].tier) for key, mine in by_home.items()]
        spends.sort(key=lambda spend: (-spend.month, -spend.open, spend.key))
        return tuple(spend for spend in spends[:MOST] if spend.month)

    def _own(self, area: str, budget: Budget, came: list[tuple[Household, datetime, str]]) -> tuple[OwnNumber, ...]:
        homes = self.__directory.households
        false = Counter(home.key for home, _, word in came if word == FALSE)
        rows = []
        for key, per_week in sorted(budget.homes_per_week.items()):
            home = homes.get(key)
            if home is None:
                rows += [] if area else [OwnNumber(key=key, per_week=per_week)]
            elif covers(area, home.area):
                month, tier = false[key], home.tier.value
                rows.append(OwnNumber(key=key, per_week=per_week, name=home.title, tier=tier, month=month))
        return tuple(rows)

    async def would_mean(self, budget: Budget) -> Meant:
        """What another budget would mean; nothing is saved."""
        return await self.__ask(
            Meant(before_per_day=0, after_per_day=0, before_min={}, after_min={}), self._meant, budget
        )

    def _meant(self, budget: Budget) -> Meant:
        policy = self.__writer.judge.policy
        known = self._as_counted()
        prices = city.wanted_prices(known, budget) or city.own_prices(known, budget)
        now = policy.editions.price.prices if budget.city_per_day else {}
        ratios = [abs(log(prices[tier] / now[tier])) for tier in prices if now.get(tier)]
        return Meant(
            before_per_day=city.in_force_per_week(known) / WEEK,
            after_per_day=sum(city.expected_at(known[tier], price) for tier, price in prices.items()) / WEEK,
            before_min={
                tier: count.mean_min / (count.homes - count.own)
                for tier, count in known.items()
                if count.homes > count.own
            },
            after_min={tier: city.limit_at_min(known[tier], price) for tier, price in prices.items()},
            nights=max(ceil(max(ratios, default=0.0) / log(city.MOST_A_DAY) - 1e-6) - 1, 0),
        )

    def _as_counted(self) -> dict[RiskTier, Count]:
        return city.with_the_unknown(self._counted(), self._stranger())

    def trial(self) -> Trial | None:
        """The trial that runs or was run last."""
        return self.trials.state() if self.trials is not None else None

    async def begin_trial(self, budget: Budget, days: int, by: str, based_on: int) -> str:
        """Try a budget on the last whole days, beside everything else; why not, or nothing."""
        if self.trials is None:
            return "trial_runs"
        policy = self.__writer.judge.policy
        if based_on != policy.editions.budget_number:
            return "edited_meanwhile"
        prices = await self.__ask(None, lambda: city.wanted_prices(self._as_counted(), budget))
        if prices is None:
            return "store_away"
        price = msgspec.structs.replace(policy.editions.price, prices=prices)
        in_force = msgspec.structs.replace(
            policy.editions, budget=budget, budget_number=policy.editions.budget_number or 1, price=price
        )
        now = self.__clock.now()
        zone = timezone(timedelta(seconds=policy.utc_offset_s))
        until = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        job = Job(policy, msgspec.structs.replace(policy, editions=in_force), until - days * DAY, until)
        return "" if self.trials.begin(job, by, now) else "trial_runs"

    async def end_trial(self) -> None:
        """End the trial that runs."""
        if self.trials is not None:
            await asyncio.to_thread(self.trials.end)

    def trial_names(self, homes: Iterable[str]) -> dict[str, str]:
        """What homes are called that are still registered."""
        known = self.__directory.households
        return {key: known[key].title for key in homes if key in known}

    async def budgets(self, number: int) -> Budget | None:
        """A saved budget by its number."""
        found = await self.__ask(None, self.__saved.one, number)
        return budget_from(found[1].encode()) if found is not None and found[0] == BUDGET else None

    async def budget_history(self) -> Sequence[EditionRow]:
        """The latest saved budgets, the latest first."""
        return await self.__ask([], self.__saved.history, (BUDGET,))


def _spend(
    key: str,
    name: str,
    came: list[tuple[Household, datetime, str]],
    midnight: datetime,
    tier: RiskTier | None = None,
) -> Spend:
    false = [at for _, at, word in came if word == FALSE]
    return Spend(
        key=key,
        name=name,
        today=sum(at >= midnight for at in false),
        week=sum(at >= midnight - (WEEK - 1) * DAY for at in false),
        month=len(false),
        real=sum(word == REAL for _, _, word in came),
        open=sum(word == OPEN for _, _, word in came),
        tier=tier.value if tier is not None else "",
    )


def _days(
    came: list[tuple[Household, datetime, str]], prices: list[tuple[datetime, bytes]], since: datetime
) -> tuple[BudgetDay, ...]:
    counted = {at.astimezone(since.tzinfo).date(): price_from(body) for at, body in prices}
    words = defaultdict(list)
    for _, at, word in came:
        words[at.astimezone(since.tzinfo).date()].append(word)
    days = []
    for n in range(DAYS):
        day = (since + n * DAY).date()
        price, here = counted.get(day), words[day]
        days.append(
            BudgetDay(
                day=day,
                false=here.count(FALSE),
                real=here.count(REAL),
                open=here.count(OPEN),
                budget=price.budget_per_day if price is not None else None,
                expected=price.expected_per_day if price is not None else None,
            )
        )
    return tuple(days)


def _with_today(days: tuple[BudgetDay, ...], per_day: float, expected_per_day: float) -> tuple[BudgetDay, ...]:
    """The days with today as it is now, so that the chart ends with the numbers beside it."""
    return (*days[:-1], msgspec.structs.replace(days[-1], budget=per_day, expected=expected_per_day))
