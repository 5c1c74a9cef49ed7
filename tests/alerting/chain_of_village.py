"""People, roster and plans of an invented village, and a home there whose button has just been pressed."""

from __future__ import annotations

from typing import Any

from alerting.decisions import AnyDecision, PageAsked
from alerting.duty.chain import Editions
from alerting.duty.plan import Plan, Step, Target, TargetKind
from alerting.duty.reach import Case, Line, People, Person
from alerting.duty.roster import Roster, Shift
from alerting.model import Priority, RiskTier
from alerting.policy import Policy
from device_adapters.signals import Panic
from tests.alerting.lone_home import KEY, LoneHome, only

DUTY = "值班手机"
PUSH, SMS, VOICE = Line("push", 0), Line("sms", 30), Line("voice", 60)
TOWN, VILLAGE = "32.01", "32.01.02"


def person(id_: str, *channels: Line, next_s: int = 120, duty: str = "") -> Person:
    return Person(id=id_, name=f"{id_}·名", lines=channels or (PUSH, SMS, VOICE), next_s=next_s, duty=duty)


PEOPLE = People(
    persons={
        p.id: p
        for p in (
            person("village", duty="village"),
            person("deputy"),
            person("town", duty="town"),
            person("key", Line("sms", 0)),
            person("chief"),
            person("grid1"),
            person("grid2"),
            Person(id="silent", name="无联系方式"),
        )
    },
    homes={
        KEY: Case(area=VILLAGE, tier=RiskTier.CARE, village="village", town="town", key_holders=("key",)),
        "other": Case(area="32.02.01", tier=RiskTier.URGENT),
    },
    areas={"32": "城", TOWN: "镇", VILLAGE: "村", "32.02": "他镇", "32.02.01": "他村"},
)
ROSTER_OF_TWO = Roster(
    shifts=(
        Shift(role="supervisor", persons=("chief",)),
        Shift(role="grid", persons=("grid1", "grid2"), area=TOWN),
    )
)


def to(*names: str) -> tuple[Target, ...]:
    """Targets by their words; ``on_duty:grid`` names a role."""
    return tuple(Target(kind=TargetKind(name.partition(":")[0]), role=name.partition(":")[2]) for name in names)


def step(after_s: int, *names: str, in_turn: bool = False) -> Step:
    return Step(after_s=after_s, targets=to(*names), in_turn=in_turn)


LAST = step(120, "duty_phones")


def plan(name: str, *steps: Step, priority: Priority = Priority.P1, **more: Any) -> Plan:
    return Plan(name=name, priority=priority, steps=steps, **more)


def policy(*plans: Plan, roster: Roster = ROSTER_OF_TWO, people: People = PEOPLE) -> Policy:
    return Policy(duty_phones=(DUTY,), editions=Editions(number=3, plans=plans, roster=roster, people=people))


def home_with(*plans: Plan, **more: Any) -> LoneHome:
    """The button has just been pressed."""
    home = LoneHome(policy=policy(*plans, **more))
    home.says("sos", Panic())
    return home


def pages(decisions: list[AnyDecision]) -> list[tuple[str, str]]:
    return [(page.to, page.channel) for page in only(PageAsked, decisions)]
