"""The centre's settings for the rules, as one versioned value that enters every ``step``."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

from alerting.budget.spending import Budget
from alerting.care.terms import CareTerms
from alerting.duty.chain import Chain, Editions
from alerting.duty.plan import Plan, Step, Target, TargetKind, chosen
from alerting.equipment_terms import EquipmentTerms
from alerting.floods import Floods
from alerting.incidents.afterwards import FollowUpTerms
from alerting.incidents.values import Values, usual
from alerting.keeping.leaving import ERASE_AFTER_DAYS
from alerting.model import AlarmKind, EscalationLevel, Priority, RiskTier
from alerting.terms import P1_STEPS_S, P2_STEPS_S, Climb, Goals, Terms

H = 3600

DAY_FROM_H = 6
NIGHT_FROM_H = 22


class LadderStep(msgspec.Struct, frozen=True):
    """One step of a ladder: ``after_s`` seconds without a claim it climbs to this level."""

    after_s: int
    level: EscalationLevel


P3_STEPS_S = (600, 1800)
LEVELS = (EscalationLevel.RING, EscalationLevel.SUPERVISOR, EscalationLevel.DUTY, EscalationLevel.CHAIN)


def ladder(*steps_s: int) -> tuple[LadderStep, ...]:
    """A ladder that takes the levels in their order at these times, seconds without a claim."""
    return tuple(LadderStep(after_s, level) for after_s, level in zip(steps_s, LEVELS, strict=False))


def rings_at(*steps_s: int) -> tuple[LadderStep, ...]:
    """A ladder on which the consoles ring at these times and nobody else is called."""
    return tuple(LadderStep(after_s, EscalationLevel.RING) for after_s in steps_s)


TARGETS: dict[EscalationLevel, tuple[TargetKind, ...]] = {
    EscalationLevel.RING: (TargetKind.CONSOLES,),
    EscalationLevel.SUPERVISOR: (TargetKind.CONSOLES, TargetKind.SUPERVISOR),
    EscalationLevel.DUTY: (TargetKind.DUTY_PHONE,),
    EscalationLevel.CHAIN: (TargetKind.DUTY_PHONES, TargetKind.VILLAGE, TargetKind.TOWN),
}
"""Whom the built-in plans call at each level."""

PAGING = frozenset({Priority.P1, Priority.P2})
"""Whose built-in plans end with everybody."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has decided.

    What begins with ``own_`` is the settings' own, and counts while nothing was saved on the screens: the rules ask
    for it without ``own_``.

    Attributes:
        version: Which edition; journalled with every decision.
        utc_offset_s: Local time of the service, seconds east of Greenwich (China: fixed, no summer time).
        city_limits_s: Inactivity limit by the local hour in which a silence begins, for homes whose own rhythm is
            not known yet; 24 values, seconds.
        tier_factor: Limits are multiplied by this for the home's risk tier.
        false_per_week: Budget: false inactivity alarms that a home may have a week; one a month by default.
        tier_share: The budget is multiplied by this for the home's risk tier: who is at higher risk is looked after
            sooner and may have more of them.
        city_per_day: Budget: false inactivity alarms that all homes together may have a day; 0: each home has its own.
        home_most_per_week: With a number for the city, no home is planned to have more, a week.
        prior_without: Homes whose share of the prior is left out; for measuring detection on such a home.
        learning_from_days: Days of history before the home's own life and the prior replace the city's limits.
        own_from_days: Days of history before the limits are called the home's own.
        least_limit_s: No limit is ever shorter, seconds.
        cap_day_s: No silence that begins by day (06-22) may be longer, whatever the rhythm says, seconds.
        cap_night_s: The same for the night, seconds.
        tier_cap: Both are multiplied by this for the home's risk tier; a day is the most.
        cap_away_s: In a run of days of low activity, after the alarm that it has had, seconds.
        priorities: Priority by kind of alarm.
        high_risk: Tiers whose inactivity is P2 instead of P3.
        late_from_s: A call for help older than this on arrival is shown as late, seconds.
        echo_s: A bridge's second copy of a press within this time is the same press, seconds.
        repeat_s: A call for help that is a state, reported again no later than this after the last time, is the same.
        ongoing_s: A report that only repeats the flag of a press is the same call while the last one is no older,
            seconds; one of a fall or fire also, while its incident is being worked on.
        prompt_s: How long a home's device waits for the resident's answer, seconds.
        prompt_share: What it costs to ask the home's own device, as a share of a call; it is asked so much sooner.
        prompts_per_week: So often a home may be expected to be asked a week.
        prompts_a_day: And never more often in one day.
        battery_low_percent: At or below: a fault.
        own_test_every_s: A home owes a test press so often, seconds.
        blind_from_s: From so long without hearing a home its signals may have been missed, seconds.
        own_ladders: Steps of the built-in plans, by priority; without one it only goes on ringing.
        own_again_s: Once at the top, everybody is called again each time this has passed, by priority, seconds.
        own_accept_s: How long an acceptance holds with the built-in plans, by priority, seconds.
        editions: Plans, roster and people that are in force.
        page_s: How long a page is worth sending, seconds.
        own_neighbours_from: Neighbours with a key are rung at once for incidents as urgent as this.
        duty_phones: Names of the duty telephones, the one that is called first in front.
        own_values: Times of the work on an incident, by state and priority.
        own_follow_up: When a home is telephoned after an incident.
        own_care: Which visits and calls are owed, and who hears when nobody makes them.
        own_floods: Thresholds of floods and chatter.
        own_equipment: When the silence of a device is a fault, and what else is one.
        erase_after_days: A household that leaves the programme is erased so long after.
    """

    version: int = 1
    utc_offset_s: int = 8 * H
    city_limits_s: tuple[int, ...] = (
        *(10 * H,) * 3,  # 00-02: asleep
        *(8 * H,) * 3,  # 03-05: should soon rise
        *(6 * H,) * 13,  # 06-18: by day
        *(10 * H,) * 5,  # 19-23: going to bed
    )
    tier_factor: dict[RiskTier, float] = msgspec.field(
        default_factory=lambda: {
            RiskTier.URGENT: 0.85,
            RiskTier.COVERED: 0.95,
            RiskTier.CARE: 1.0,
            RiskTier.WATCH: 1.1,
        }
    )
    false_per_week: float = 0.23
    tier_share: dict[RiskTier, float] = msgspec.field(
        default_factory=lambda: {
            RiskTier.URGENT: 2.0,
            RiskTier.COVERED: 1.4,
            RiskTier.CARE: 1.0,
            RiskTier.WATCH: 0.7,
        }
    )
    city_per_day: float = 0.0
    home_most_per_week: float = 1.0
    prior_without: frozenset[str] = frozenset()
    learning_from_days: int = 3
    own_from_days: int = 7
    least_limit_s: int = H
    cap_day_s: int = 12 * H
    cap_night_s: int = 14 * H
    tier_cap: dict[RiskTier, float] = msgspec.field(default_factory=lambda: dict.fromkeys(RiskTier, 1.0))
    cap_away_s: int = 24 * H
    priorities: dict[AlarmKind, Priority] = msgspec.field(
        default_factory=lambda: {
            AlarmKind.PANIC: Priority.P1,
            AlarmKind.FALL: Priority.P1,
            AlarmKind.SMOKE: Priority.P1,
            AlarmKind.GAS: Priority.P1,
            AlarmKind.MEDICAL: Priority.P1,
            AlarmKind.RULE_FAILED: Priority.P1,
            AlarmKind.AUDIT: Priority.P1,
            AlarmKind.RETAINED_PANIC: Priority.P2,
            AlarmKind.UNCERTAIN: Priority.P2,
            AlarmKind.MANUAL: Priority.P1,
            AlarmKind.INACTIVITY: Priority.P3,
            AlarmKind.UNSEEN: Priority.P3,
            AlarmKind.CANNOT_CALL: Priority.P3,
            AlarmKind.FOLLOW_UP: Priority.P3,
            AlarmKind.AREA_OUTAGE: Priority.P2,
            AlarmKind.AREA_BRIDGE: Priority.P2,
            AlarmKind.AREA_CALLS: Priority.P1,
        }
    )
    high_risk: frozenset[RiskTier] = frozenset({RiskTier.URGENT, RiskTier.COVERED})
    late_from_s: int = 120
    echo_s: int = 5
    repeat_s: int = 60
    ongoing_s: int = H
    prompt_s: int = 300
    prompt_share: float = 0.2
    prompts_per_week: float = 1.0
    prompts_a_day: int = 2
    battery_low_percent: float = 10.0
    own_test_every_s: int = msgspec.field(default=31 * 24 * H, name="test_every_s")
    blind_from_s: int = 120
    own_ladders: dict[Priority, tuple[LadderStep, ...]] = msgspec.field(
        name="ladders",
        default_factory=lambda: {
            Priority.P1: ladder(*P1_STEPS_S),
            Priority.P2: ladder(*P2_STEPS_S),
            Priority.P3: rings_at(*P3_STEPS_S),
            Priority.P4: rings_at(0),
        },
    )
    own_again_s: dict[Priority, int] = msgspec.field(
        name="ladder_again_s",
        default_factory=lambda: {Priority.P1: 300, Priority.P2: 900, Priority.P3: 1800, Priority.P4: 24 * H},
    )
    own_accept_s: dict[Priority, int] = msgspec.field(
        name="accept_s",
        default_factory=lambda: {Priority.P1: 300, Priority.P2: 900, Priority.P3: 1800, Priority.P4: 12 * H},
    )
    editions: Editions = Editions()
    page_s: int = 300
    own_neighbours_from: Priority = msgspec.field(default=Priority.P1, name="neighbours_from")
    duty_phones: tuple[str, ...] = ()
    own_values: Values = msgspec.field(default_factory=usual, name="values")
    own_follow_up: FollowUpTerms = msgspec.field(default_factory=FollowUpTerms, name="follow_up")
    own_care: CareTerms = msgspec.field(default_factory=CareTerms, name="care")
    own_floods: Floods = msgspec.field(default=Floods(), name="floods")
    own_equipment: EquipmentTerms = msgspec.field(default_factory=EquipmentTerms, name="equipment")
    erase_after_days: int = ERASE_AFTER_DAYS

    @property
    def budget(self) -> Budget:
        """What is in force of false inactivity alarms: as saved on the screens, else as in the settings."""
        if self.editions.budget_number:
            return self.editions.budget
        return Budget(
            city_per_day=self.city_per_day,
            home_per_week=self.false_per_week,
            home_most_per_week=self.home_most_per_week,
            tier_weight=self.tier_share,
        )

    def cap_s(self, tier: RiskTier, *, by_day: bool) -> int:
        """The longest a silence may last in a home of this tier: as saved on the screens, else as in the settings."""
        own = self.editions.budget
        own_s = int((own.cap_day_h if by_day else own.cap_night_h) * H)
        cap_s = own_s or (self.cap_day_s if by_day else self.cap_night_s)
        return min(int(cap_s * own.tier_cap.get(tier, self.tier_cap[tier])), self.cap_away_s)

    @property
    def values(self) -> Values:
        """Times of the work on an incident: as saved on the screens, else as in the settings."""
        return self.editions.values or self.own_values

    @property
    def own_terms(self) -> Terms:
        """The terms as the settings have them, each group whole."""
        p1, p2 = Priority.P1, Priority.P2
        steps = {p: tuple(step.after_s for step in self.own_ladders.get(p, ())) for p in (p1, p2)}
        return Terms(
            ladder=Climb(
                p1_steps_s=steps[p1],
                p2_steps_s=steps[p2],
                p1_again_s=self.own_again_s.get(p1, 0),
                p2_again_s=self.own_again_s.get(p2, 0),
                p1_accept_s=self.own_accept_s.get(p1, 0),
                p2_accept_s=self.own_accept_s.get(p2, 0),
                neighbours_from=self.own_neighbours_from,
            ),
            floods=self.own_floods,
            equipment=self.own_equipment,
            follow_up=self.own_follow_up,
            care=self.own_care,
            goals=Goals(test_every_days=self.own_test_every_s // (24 * H), protected_goal=self.own_equipment.goal),
        )

    @property
    def ladders(self) -> dict[Priority, tuple[LadderStep, ...]]:
        """Steps of the built-in plans in force."""
        if (own := self.editions.terms.ladder) is None:
            return self.own_ladders
        steps = {Priority.P1: ladder(*own.p1_steps_s), Priority.P2: ladder(*own.p2_steps_s)}
        return self.own_ladders | steps

    @property
    def ladder_again_s(self) -> dict[Priority, int]:
        """After how long everybody is called again, in force."""
        own = self.editions.terms.ladder
        saved = {} if own is None else {Priority.P1: own.p1_again_s, Priority.P2: own.p2_again_s}
        return self.own_again_s | saved

    @property
    def accept_s(self) -> dict[Priority, int]:
        """How long an acceptance holds with the built-in plans, in force."""
        own = self.editions.terms.ladder
        saved = {} if own is None else {Priority.P1: own.p1_accept_s, Priority.P2: own.p2_accept_s}
        return self.own_accept_s | saved

    @property
    def neighbours_from(self) -> Priority:
        """From which priority neighbours are rung, in force."""
        own = self.editions.terms.ladder
        return self.own_neighbours_from if own is None else Priority(own.neighbours_from)

    @property
    def floods(self) -> Floods:
        """Thresholds of floods and chatter in force."""
        return self.editions.terms.floods or self.own_floods

    @property
    def equipment(self) -> EquipmentTerms:
        """The terms for equipment in force; what a home must have is always that of the settings."""
        saved, goals, own = self.editions.terms.equipment, self.editions.terms.goals, self.own_equipment
        if saved is None and goals is None:
            return own
        goal = own.goal if goals is None else goals.protected_goal
        return msgspec.structs.replace(saved or own, required=own.required, required_of=own.required_of, goal=goal)

    @property
    def test_every_s(self) -> int:
        """How often a home owes a test press, in force."""
        goals = self.editions.terms.goals
        return self.own_test_every_s if goals is None else goals.test_every_days * 24 * H

    @property
    def follow_up(self) -> FollowUpTerms:
        """When a home is telephoned after an incident, in force."""
        return self.editions.terms.follow_up or self.own_follow_up

    @property
    def care(self) -> CareTerms:
        """Which visits and calls are owed, in force."""
        return self.editions.terms.care or self.own_care

    def priority_of(self, kind: AlarmKind, tier: RiskTier) -> Priority:
        """Priority of an alarm in a home of this tier."""
        if kind is AlarmKind.INACTIVITY and tier in self.high_risk:
            return Priority.P2
        return self.priorities[kind]

    def areas_of(self, home: str) -> tuple[str, ...]:
        """Village and town of a household, as far as they are known."""
        people, area = self.editions.people, self.editions.case_of(home).area
        village, town = people.village_of(area), people.town_of(area)
        return tuple(it for it in (village, town if town in people.towns and town != village else "") if it)

    def plan_for(self, priority: Priority, home: str, at: datetime) -> Plan | None:
        """The plan of a climb that begins at this moment; None: it only goes on ringing.

        Args:
            priority: The incident's.
            home: Household, or key of a device without a home.
            at: When the climb began, aware UTC.
        """
        case = self.editions.case_of(home)
        own = chosen(self.editions.plans, priority, case.area, case.tier, at, self.editions.roster)
        return own or self.built_in(priority)

    def built_in(self, priority: Priority) -> Plan | None:
        """The plan of the settings, for all homes without one of their own."""
        steps = self.ladders.get(priority, ())
        if not steps:
            return None
        return _built_in(priority, steps, self.ladder_again_s.get(priority, 0), self.accept_s.get(priority, 300))

    def chain(self, home: str) -> Chain:
        """Who is called for a home."""
        return Chain(self.editions, self.duty_phones, home)


@lru_cache(maxsize=64)  # asked for at every step of every home
def _built_in(priority: Priority, steps: tuple[LadderStep, ...], again_s: int, accept_s: int) -> Plan:
    calls = priority in PAGING
    return Plan(
        name="",
        priority=priority,
        steps=tuple(Step(after_s=s.after_s, targets=targets_of(s.level)) for s in steps),
        rounds=2 if calls else 1,
        everybody=calls,
        again_s=again_s,
        accept_s=accept_s,
        next_working_day=priority is Priority.P4,
    )


def targets_of(level: EscalationLevel) -> tuple[Target, ...]:
    """Whom a built-in plan calls at a level."""
    return tuple(Target(kind=kind) for kind in TARGETS[level])
