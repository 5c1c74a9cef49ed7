"""Who can sign in to the demo, and the bench on which anybody may try a real payload."""

from __future__ import annotations

import msgspec
from argon2 import PasswordHasher

from alerting.casefile import Account, Bridge, Device, DeviceStage, InstallationStep, Role
from alerting.commands import SavePlans, SaveRoster
from alerting.duty.reach import RESPONDER
from alerting.enrolment.commands import NoteInstallation, StageDevice
from alerting.model import FaultKind
from alerting.organisations import Organisation, OrganisationKind
from dashboard.settings import DemoAccount
from gateway.broker.access import BrokerUser
from nuanhu.town import duty
from nuanhu.town.duty import means, reachable
from nuanhu.town.plan import TownPlan
from nuanhu.wiring import Gateway

PASSWORD = "nuanhu-demo"  # noqa: S105 - printed on the screen, for a town that does not exist

ACCOUNTS = (
    DemoAccount(login="zuoxi1", password=PASSWORD, role=Role.OPERATOR),
    DemoAccount(login="zuoxi2", password=PASSWORD, role=Role.OPERATOR),
    DemoAccount(login="zhuguan", password=PASSWORD, role=Role.SUPERVISOR),
    DemoAccount(login="zhuguan2", password=PASSWORD, role=Role.SUPERVISOR),
    DemoAccount(login="chuzhi", password=PASSWORD, role=Role.RESPONDER),
    DemoAccount(login="anzhuang", password=PASSWORD, role=Role.INSTALLER),
    DemoAccount(login="admin", password=PASSWORD, role=Role.ADMINISTRATOR),
)

NAMES = {
    "zuoxi1": "坐席一号",
    "zuoxi2": "坐席二号",
    "zhuguan": "值班主管",
    "zhuguan2": "夜班主管",
    "anzhuang": "安装员",
    "admin": "系统管理员",
}

SUPERVISORS = {"zhuguan": "19900990001", "zhuguan2": "19900990002"}
"""Invented numbers by login: who is on the roster by day, and by night."""

BENCH = Bridge(id="bench", adapter="zigbee2mqtt", prefix="zigbee2mqtt", title="试验台")
"""A Zigbee2MQTT hub with its factory topic, for the payloads in the README."""

ORDER = "更换人体探测器后做步行测试，并当面试按一次按钮"
MOST_WORN = 10_000

BENCH_BUTTON = "0x00124b00a1b2c3d4"
BENCH_PIR = "24e124fffe000001"


def with_demo_registry(plan: TownPlan) -> TownPlan:
    """The town with its accounts, and a bench in its first home: a Zigbee SOS button and a LoRaWAN PIR."""
    registry, first = plan.registry, plan.registry.households[0]
    bench = (
        Device(
            id="BENCH-SOS",
            bridge=BENCH.id,
            inner=BENCH_BUTTON,
            household=first.key,
            role="panic",
            room="living",
            vendor="Tuya",
            model="TS0215A_sos",
        ),
        Device(
            id="BENCH-PIR",
            bridge="chirpstack",
            inner=BENCH_PIR,
            household=first.key,
            role="motion",
            room="living",
            vendor="Milesight",
            model="WS202",
        ),
    )
    registry = msgspec.structs.replace(
        registry,
        bridges=(*registry.bridges, BENCH),
        devices=(*registry.devices, *bench),
        accounts=_accounts(plan),
        responders=reachable(registry.responders),
    )
    return msgspec.structs.replace(plan, registry=registry)


def with_organisations(plan: TownPlan) -> TownPlan:
    """The town with departments and organisations to which needs of its households can be sent."""
    kinds = OrganisationKind
    told = next((f"{RESPONDER}{it.id}" for it in plan.registry.responders if it.duty == "social"), "")
    some = (
        ("minzheng", "区民政局社会救助科", kinds.CIVIL_AFFAIRS, "何科长", "19900000801", 7, ""),
        ("yibao", "区医保局待遇保障科", kinds.INSURANCE, "钱科长", "19900000802", 5, ""),
        ("canlian", "区残联", kinds.DISABILITY, "吴理事", "19900000803", 10, ""),
        ("shegong", "镇社工站", kinds.SOCIAL_WORK, "社工值班", "19900000804", 3, told),
        ("zhiyuan", "邻里志愿服务队", kinds.VOLUNTEERS, "周队长", "19900000805", 2, ""),
    )
    made = tuple(
        Organisation(id=id_, title=title, kind=kind, contact=contact, phone=phone, days=days, person=person)
        for id_, title, kind, contact, phone, days, person in some
    )
    return msgspec.structs.replace(plan, registry=msgspec.structs.replace(plan.registry, parties=made))


def _accounts(plan: TownPlan) -> tuple[Account, ...]:
    hasher = PasswordHasher()
    first = plan.registry.households[0]
    going = {person.id: person for person in plan.registry.responders}[first.village_responder]
    return tuple(
        Account(
            login=account.login,
            name=NAMES.get(account.login, going.name),
            role=account.role,
            password_hash=hasher.hash(account.password),
            responder=going.id if account.role is Role.RESPONDER else "",
            area=going.area if account.role is Role.RESPONDER else "",
            means=means(SUPERVISORS[account.login]) if account.login in SUPERVISORS else (),
        )
        for account in ACCOUNTS
    )


async def put_duty_in_force(gateway: Gateway, plan: TownPlan) -> None:
    """The town's roster and plans, saved as a supervisor would."""
    supervisors = tuple(SUPERVISORS)
    roster = duty.roster(plan.registry, supervisors, gateway.clock.now())
    commands = (
        SaveRoster(key="", by=supervisors[0], roster=roster, note="首版"),
        SavePlans(key="", by=supervisors[0], plans=duty.plans(), note="首版"),
    )
    for command in commands:
        answer = await gateway.desk.submit(command)
        assert answer.done, f"the town's own roster and plans are sound: {answer.reasons}"


async def order_work(gateway: Gateway, plan: TownPlan) -> None:
    """One home has a work order: a sensor was changed there and wants its walk test, so that an installer has to do."""
    home = next(it for it in plan.homes[2:] if it.motion)
    sensor = next(iter(home.motion.values())).device
    by = "zhuguan"
    commands = (
        NoteInstallation(by=by, household=home.household, step=InstallationStep.ORDERED, text=ORDER),
        StageDevice(by=by, device=sensor.id, stage=DeviceStage.INSTALLED),
    )
    for command in commands:
        answer = await gateway.desk.submit(command)
        assert answer.done, f"the town's own work order is sound: {answer.refused} {answer.reasons}"


async def worn_batteries(gateway: Gateway) -> tuple[tuple[str, str], ...]:
    """(household, device) of batteries that stand in the list of faults: nobody has changed them over night."""
    faults = await gateway.desk.faults(limit=MOST_WORN)
    return tuple((it.household, it.device) for it in faults if it.kind is FaultKind.BATTERY_LOW and it.device)


def bench_user() -> BrokerUser:
    """The broker account for trying payloads by hand: the bench's own topics and the network server's."""
    topics = (f"{BENCH.prefix}/#", "application/#")
    return BrokerUser(BENCH.id, PASSWORD, write=topics, read=topics)
