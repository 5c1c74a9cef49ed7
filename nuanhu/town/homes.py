"""What hangs in a home: the bridge it speaks through and its devices, by make."""

from __future__ import annotations

import uuid
from datetime import datetime

import msgspec

from alerting.casefile import Bridge, Device
from alerting.equipment_terms import EquipmentTerms
from device_adapters.check_ins import interval_of
from nuanhu.town.dice import Dice, dice_for, number_from
from nuanhu.town.life import Life

HOUR_S = 3600
OWN, ZIGBEE, LORA = "nuanhu", "zigbee2mqtt", "chirpstack"
MAKES = tuple({"o": OWN, "z": ZIGBEE, "l": LORA}[letter] for letter in "ozloozoolzoozoozoloz")
"""The make of each of twenty homes in turn: 11 own, 6 Zigbee2MQTT, 3 LoRaWAN."""

CITY_SERVER = Bridge(id="chirpstack", adapter=LORA, prefix="application", title="城市LoRaWAN网络服务器")
USUAL = EquipmentTerms()
REPORT_S = {"hub": 900, "pendant": 900, "motion": 2 * HOUR_S - 600, "door": 2 * HOUR_S - 600, "panic": 5 * HOUR_S}
"""How often a device of ours says that it lives, by its role: so that one lost report is no fault of its class."""

NAMES = {
    "living": ("客厅人体", "客厅", "living_pir", "客厅/人体感应"),
    "bedroom": ("卧室人体", "卧室", "bedroom_pir", "卧室/人体感应"),
    "bathroom": ("卫生间人体", "卫生间", "bath_pir", "卫生间/人体感应"),
    "kitchen": ("厨房人体", "厨房", "kitchen_pir", "厨房/人体感应"),
    "hall": ("过道人体", "过道", "hall_pir", "过道/人体感应"),
    "door": ("大门", "入户门", "door", "门磁"),
    "panic": ("sos", "sos", "呼叫按钮", "SOS按钮"),
}
"""Friendly names that installers give; four manners, the same in many homes."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """One device in its place, with what the registry does not say.

    Attributes:
        device: As registered.
        name: Friendly name within its bridge.
        blind_s: A motion sensor sees nothing for so long after a detection, seconds.
        report_s: Every so many seconds it gives a sign of life.
        phase_s: When within that period, seconds since 1970 modulo ``report_s``.
        battery_days: A battery lasts so long; 0 = mains.
    """

    device: Device
    name: str
    blind_s: int = 60
    report_s: int = 5 * HOUR_S
    phase_s: int = 0
    battery_days: int = 0

    @property
    def silent_s(self) -> int:
        """After so long without a word it is missed: by its model's interval, or its class."""
        device = self.device
        interval_s = interval_of(device.vendor, device.model)
        return USUAL.silent_after_s(device.role, device.check_in_s, interval_s)

    def next_report_s(self, after_s: float) -> float:
        """The first sign of life later than ``after_s``, UTC epoch seconds."""
        periods = (after_s - self.phase_s) // self.report_s + 1
        return self.phase_s + periods * self.report_s

    def battery_percent(self, at: datetime) -> int:
        """How full the battery is: a slow saw-tooth from 100 down to 25 that depends on the time alone."""
        if not self.battery_days:
            return 100
        period_s = self.battery_days * 86_400
        used = ((at.timestamp() + self.phase_s * 997) % period_s) / period_s
        return round(100 - 75 * used)

    def battery_mv(self, at: datetime) -> int:
        """Voltage of a lithium cell that is so full, millivolts; mains: 0."""
        return 2500 + 5 * self.battery_percent(at) if self.battery_days else 0


class Home:
    """One home as the simulation needs it.

    Args:
        household: Case number.
        number: 1, 2, 3 … in the town.
        make: Name of the adapter: ``nuanhu``, ``zigbee2mqtt`` or ``chirpstack``.
        bridge: Through which its devices speak.
        fitted: Its devices.
        life: Its resident's days.
    """

    def __init__(
        self,
        *,
        household: str,
        number: int,
        make: str,
        bridge: Bridge,
        fitted: tuple[Fitted, ...],
        life: Life,
    ) -> None:
        """Remember all of it; a home does not change."""
        self.household = household
        self.number = number
        self.make = make
        self.bridge = bridge
        self.fitted = fitted
        self.life = life
        self.motion = {f.device.room: f for f in fitted if f.device.role == "motion"}
        self.door = self.with_role("door")
        self.hub = self.with_role("hub")
        self.by_id = {f.device.id: f for f in fitted}
        self.by_inner = {f.device.inner: f for f in fitted}

    def with_role(self, role: str) -> Fitted | None:
        """The first device of this role."""
        return next((f for f in self.fitted if f.device.role == role), None)


def bridge_of(make: str, number: int) -> Bridge:
    """The bridge of home ``number``; LoRaWAN homes share the city's."""
    if make == LORA:
        return CITY_SERVER
    if make == ZIGBEE:
        name = f"z2m-{number:05d}"
        return Bridge(id=name, adapter=ZIGBEE, prefix=f"z2m/{name}", title=f"{number}号户Zigbee网关")
    name = f"hub-{number:05d}"
    return Bridge(id=name, adapter=OWN, prefix=f"nuanhu/1/{name}", title=f"{number}号户暖护主机")


def fit_home(seed: int, number: int, household: str, make: str, *, hall: bool) -> tuple[Fitted, ...]:
    """The devices of home ``number``. ``hall``: the home has one, so that a sensor may hang there."""
    dice = dice_for(seed, "devices", number)
    rooms = _watched_rooms(dice, make, hall=hall)
    if make == OWN:
        return fit_own(dice, number, household, rooms, pendant=dice.random() < 0.35)
    if make == ZIGBEE:
        return _fit_zigbee(seed, dice, number, household, rooms)
    return _fit_lora(seed, dice, number, household, rooms)


def _watched_rooms(dice: Dice, make: str, *, hall: bool) -> tuple[str, ...]:
    """Two to five rooms, the ones people spend their day in first."""
    order = ["living", *dice.sample(["bedroom", "bathroom", "kitchen"], 3), *(["hall"] if hall else [])]
    most = {OWN: 5, ZIGBEE: 4, LORA: 3}[make]
    return tuple(order[: min(len(order), dice.choices((2, 3, 4, 5), (14, 36, 36, 14))[0], most)])


def fit_own(dice: Dice, number: int, household: str, rooms: tuple[str, ...], *, pendant: bool) -> tuple[Fitted, ...]:
    """Devices of our own protocol: hub on the mains, sensors in these rooms, door, panic button, perhaps a pendant."""
    plan = [("hub", "hub", "living", "NH-H1"), *((f"pir-{room}", "motion", room, "NH-M1") for room in rooms)]
    plan += [("door", "door", "hall", "NH-D1"), ("sos", "panic", "bedroom", "NH-B1")]
    plan += [("pendant", "pendant", "", "NH-P1")] if pendant else []
    blind_s = dice.choice((30, 40, 60))
    bridge = bridge_of(OWN, number).id
    found = []
    for count, (inner, role, room, model) in enumerate(plan, 1):
        mains = role == "hub"
        found.append(
            Fitted(
                device=Device(
                    id=f"{household}-{count:02d}",
                    bridge=bridge,
                    inner=inner,
                    household=household,
                    role=role,
                    room=room,
                    vendor="Nuanhu",
                    model=model,
                ),
                name=inner,
                blind_s=blind_s,
                report_s=REPORT_S[role],
                phase_s=dice.randrange(REPORT_S[role]),
                battery_days=0 if mains else dice.randint(400, 1100),
            ),
        )
    return tuple(found)


def _fit_zigbee(seed: int, dice: Dice, number: int, household: str, rooms: tuple[str, ...]) -> tuple[Fitted, ...]:
    manner = dice.randrange(4)
    plan = [(room, "motion", room, "Aqara", "RTCGQ11LM", HOUR_S - 600) for room in rooms]
    plan += [
        ("door", "door", "hall", "SONOFF", "SNZB-04", 2 * HOUR_S - 600),
        ("panic", "panic", dice.choice(("bedroom", "living")), "Tuya", "TS0215A_sos", 4 * HOUR_S),
    ]
    makers = {"Aqara": "0x00158d00", "SONOFF": "0x00124b00", "Tuya": "0x847127ff"}
    found = []
    for count, (word, role, room, vendor, model, report_s) in enumerate(plan, 1):
        inner = makers[vendor] + f"{number_from(seed, 'ieee', number, count, bits=32):08x}"
        found.append(
            Fitted(
                device=_radio_device(household, count, bridge_of(ZIGBEE, number), inner, role, room, vendor, model),
                name=NAMES[word][manner],
                report_s=report_s,
                phase_s=dice.randrange(report_s),
                battery_days=dice.randint(300, 900),
            ),
        )
    return tuple(found)


def _fit_lora(seed: int, dice: Dice, number: int, household: str, rooms: tuple[str, ...]) -> tuple[Fitted, ...]:
    plan = [(room, "motion", room, "WS202") for room in rooms]
    plan += [("panic", "panic", "bedroom", "WS101")]
    plan += [("door", "door", "hall", "WS301")] if dice.random() < 0.8 else []
    found = []
    for count, (word, role, room, model) in enumerate(plan, 1):
        inner = f"24e124{number_from(seed, 'eui', number, count, bits=40):010x}"
        found.append(
            Fitted(
                device=_radio_device(household, count, CITY_SERVER, inner, role, room, "Milesight", model),
                name=f"{model}-{number:05d}-{NAMES[word][0]}",
                report_s=6 * HOUR_S,
                phase_s=dice.randrange(6 * HOUR_S),
                battery_days=dice.randint(700, 1500),
            ),
        )
    return tuple(found)


def _radio_device(
    household: str,
    count: int,
    bridge: Bridge,
    inner: str,
    role: str,
    room: str,
    vendor: str,
    model: str,
) -> Device:
    return Device(
        id=f"{household}-{count:02d}",
        bridge=bridge.id,
        inner=inner,
        household=household,
        role=role,
        room=room,
        vendor=vendor,
        model=model,
    )


def application_of(seed: int) -> str:
    """The LoRaWAN application's id, a UUID derived from the seed."""
    return str(uuid.UUID(int=number_from(seed, "application", bits=128), version=4))
