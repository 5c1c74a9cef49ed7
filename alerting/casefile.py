"""一户一档, first form: what is known of the household to be protected, and of the people around it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

import msgspec

from alerting.assessment.record import Assessment, ReviewAsked
from alerting.keeping.consent import Consent
from alerting.keeping.leaving import Leaving
from alerting.model import RiskTier
from alerting.peers import Party
from alerting.repair import Repair


class AreaLevel(StrEnum):
    """Levels of the administrative tree, from the top."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"


class Area(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One area. ``key`` is hierarchical, dot-separated (``320400.01.03``), so that a prefix is a subtree.

    ``boundary`` is one closed ring of (longitude, latitude), WGS-84, or empty.
    """

    key: str
    level: AreaLevel
    name: str
    parent: str = ""
    boundary: tuple[tuple[float, float], ...] = ()


def covers(area: str, key: str) -> bool:
    """Whether the area key ``key`` lies in the subtree ``area``; an empty ``area`` is the whole city."""
    return not area or key == area or key.startswith(f"{area}.")


def upwards(area: str) -> Iterator[str]:
    """The area and all that cover it, the widest but the whole city last; none of an empty key."""
    while area:
        yield area
        area = area.rpartition(".")[0]


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """WGS-84 degrees; ``datum`` is what the source used (``WGS-84``, ``GCJ-02``, ``BD-09``)."""

    lat: float
    lon: float
    datum: str = "WGS-84"


class Resident(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person to be protected. ``sealed_id`` is the number of their identity card, itself encrypted."""

    name: str
    birth_year: int
    sex: str = ""
    phone: str = ""
    health: tuple[str, ...] = ()
    mobility: str = ""
    hearing: str = ""
    languages: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    sealed_id: str = ""


class Channel(StrEnum):
    """How a person can be paged."""

    PUSH = "push"
    SMS = "sms"
    VOICE = "voice"


NEXT_PERSON_S = 120


class Means(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to reach a person.

    Attributes:
        channel: Push message, text message or telephone call.
        address: A number, or an address of the push channel. Holds secrets: it is shown nowhere.
        verified: It has been tried, and the person answered. Others are never used to page.
        after_s: Used so long after the person's turn has come, seconds; None: as usual for the channel.
    """

    channel: Channel
    address: str
    verified: bool = False
    after_s: int | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody to telephone, in the order of the list.

    ``verified``: the number has been tried, the last time on ``verified_on``. ``hours`` are those in which they can be
    reached, local time (``08:00-20:00``); empty: always. ``rings_first``: a neighbour with a key who is rung at once,
    beside everything else, where the household has agreed to that.
    """

    name: str
    relation: str
    phone: str
    key_holder: bool = False
    distance_m: int | None = None
    verified: bool = False
    hours: str = ""
    verified_on: date | None = None
    rings_first: bool = False


class Skill(StrEnum):
    """What somebody who goes can do that not everybody can."""

    NURSE = "nurse"
    FIRST_AID = "first_aid"
    ELECTRICIAN = "electrician"
    LOCKSMITH = "locksmith"
    SIGN_LANGUAGE = "sign_language"


class Responder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who goes: responsible person of a town or village, grid worker, social worker.

    ``area`` is the area they answer for, ``duty`` their office
    (``town``, ``village``, ``grid``, ``social``, ``electrician``). ``means`` are the ways to page them, the preferred
    one first; ``next_s`` after their turn has come it is the next person's, seconds. ``place`` is their office or home.
    ``sealed_pin`` is the PIN with which they answer a link, encrypted.
    """

    id: str
    name: str
    phone: str
    area: str
    duty: str
    means: tuple[Means, ...] = ()
    next_s: int = NEXT_PERSON_S
    place: Place | None = None
    skills: tuple[Skill, ...] = ()
    sealed_pin: str = ""


OFFICES = {
    "town_responder": "town",
    "town_deputy": "town",
    "village_responder": "village",
    "village_deputy": "village",
    "grid_worker": "grid",
    "social_station": "social",
}
"""Which duty of a responder each person who answers for a home has."""


class Household(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home of the programme.

    Attributes:
        key: Case number.
        area: Key of its village.
        address: As people write it.
        place: Where.
        tier: Urgency label.
        categories: 特困, 低保, 独居 …
        residents: Persons to be protected.
        contacts: Whom to call, in order.
        town_responder: Responsible person at town level (responder id).
        village_responder: Responsible person at village level (responder id).
        access: How to get in.
        risks: What whoever enters must know.
        town_deputy: Who stands in for the responsible person at town level (B 岗, responder id).
        village_deputy: The same at village level.
        grid_worker: Grid worker (responder id).
        social_station: Social worker who keeps the care plan (responder id).
        grid_cell: Number of the grid cell.
        pets: What barks or bites.
        key_safe: Where the key safe is. Its code is kept by the key holders.
        forced_entry: The door may be forced when nobody opens: agreed in writing.
        assessment: The last assessment; it has made the label unless that was changed since.
        review: The household is to be assessed anew before its time; None: it is not.
        care_plan: What is to be done for this household (一户一策).
        care_plan_review: Day on which the plan is to be looked at again.
        consents: Papers that were signed, and what was taken back.
        left: The household has left the programme; None: it has not.
    """

    key: str
    area: str
    address: str
    place: Place
    tier: RiskTier
    categories: tuple[str, ...] = ()
    residents: tuple[Resident, ...] = ()
    contacts: tuple[Contact, ...] = ()
    town_responder: str = ""
    village_responder: str = ""
    access: str = ""
    risks: tuple[str, ...] = ()
    town_deputy: str = ""
    village_deputy: str = ""
    grid_worker: str = ""
    social_station: str = ""
    grid_cell: str = ""
    pets: tuple[str, ...] = ()
    key_safe: str = ""
    forced_entry: bool = False
    assessment: Assessment | None = None
    review: ReviewAsked | None = None
    care_plan: str = ""
    care_plan_review: date | None = None
    consents: tuple[Consent, ...] = ()
    left: Leaving | None = None

    @property
    def title(self) -> str:
        """The name by which operators call the home: its first resident's."""
        return self.residents[0].name if self.residents else self.key

    @property
    def search_text(self) -> str:
        """Case number, address, names and phones in small letters: what a search for a home looks through."""
        people = [self.key, self.address, *(f"{r.name} {r.phone}" for r in self.residents)]
        return " ".join([*people, *(c.phone for c in self.contacts)]).lower()


NO_VERSION = "new"


def version_of(home: Household | None) -> str:
    """What tells one state of a case file from another; ``new`` where there is none yet."""
    if home is None:
        return NO_VERSION
    return f"{zlib.crc32(msgspec.json.encode(home)):08x}"


class Bridge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A registered hub, network server, platform link or single device of our protocol.

    It owns ``prefix``: it may publish below it and nobody else may; the broker enforces that. A revoked one keeps its
    name and its prefix, so that nobody else is ever taken for it. It serves homes of ``area``; empty: any.
    """

    id: str
    adapter: str
    prefix: str
    title: str = ""
    revoked: bool = False
    area: str = ""


class DeviceStatus(StrEnum):
    """Where a device is in its life."""

    ACTIVE = "active"
    MOVED = "moved"
    RETIRED = "retired"


class DeviceStage(StrEnum):
    """How far a device's installation has come. A home counts as protected only when all it needs is armed."""

    REGISTERED = "registered"
    INSTALLED = "installed"
    TESTED = "tested"
    ARMED = "armed"


class Device(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One device in one room of one home.

    Attributes:
        id: Registry id, unique in the city.
        bridge: Bridge it speaks through.
        inner: Its id inside the bridge: IEEE address, DevEUI, serial.
        household: Home it belongs to.
        role: ``motion``, ``panic``, ``door``, ``presence``, ``pendant``, ``hub``, ``smoke`` …
        room: ``living``, ``bedroom``, ``bathroom``, ``kitchen``, ``hall`` … or empty.
        vendor: Maker.
        model: Maker's model name; selects the codec.
        check_in_s: Longest time without a sign of life that is set for this device, seconds; 0: as its model or class.
        status: Active, moved or retired.
        stage: How far its installation has come. What was registered before there were stages is armed.
        title: What people call it, where its role and room do not say enough.
        mounted_cm: Height above the floor, centimetres; 0 = not known.
        must_not_see: What it is turned away from: ``pet``, ``window``, ``heating``, ``road``, ``neighbour`` …
        replaces: Registry id of the device whose place it took.
        sealed_key: Bind key of a device that encrypts its adverts, itself encrypted. Shown nowhere.
        sealed_code: Zigbee install code of its label, itself encrypted, until it is shown once for pairing.
    """

    id: str
    bridge: str
    inner: str
    household: str
    role: str
    room: str = ""
    vendor: str = ""
    model: str = ""
    check_in_s: int = 0
    status: DeviceStatus = DeviceStatus.ACTIVE
    stage: DeviceStage = DeviceStage.ARMED
    title: str = ""
    mounted_cm: int = 0
    must_not_see: tuple[str, ...] = ()
    replaces: str = ""
    sealed_key: str = ""
    sealed_code: str = ""


class InstallationStep(StrEnum):
    """What an installer does at a home beside its devices; the checklist of the hand-over."""

    ORDERED = "ordered"
    CONTACTS = "contacts"
    ACCESS = "access"
    CONSENT = "consent"
    POWER_CUT = "power_cut"
    HANDED_OVER = "handed_over"


class StepDone(msgspec.Struct, frozen=True, array_like=True):
    """A step of an installation: when, by which login, and how."""

    at: datetime
    by: str
    text: str = ""


class Installation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What has been done at a home, by step; the latest of each."""

    household: str
    steps: dict[InstallationStep, StepDone] = {}


class Role(StrEnum):
    """What an account may do."""

    OPERATOR = "operator"
    RESPONDER = "responder"
    INSTALLER = "installer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who may sign in. Sees what lies in ``area``; an empty area is the whole city.

    ``means`` and ``next_s`` as for a responder: whoever is on the roster can be paged, signed in or not. ``one_time``:
    the password was given by somebody else and must be changed first. ``shut``: no password fits, and nobody pages.
    """

    login: str
    name: str
    role: Role
    password_hash: str
    area: str = ""
    responder: str = ""
    language: str = "zh_CN"
    means: tuple[Means, ...] = ()
    next_s: int = NEXT_PERSON_S
    one_time: bool = False
    shut: bool = False


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of a city's homes, devices and people, as one value: for import, demo and snapshot."""

    areas: tuple[Area, ...] = ()
    responders: tuple[Responder, ...] = ()
    households: tuple[Household, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    devices: tuple[Device, ...] = ()
    accounts: tuple[Account, ...] = ()
    installations: tuple[Installation, ...] = ()
    repairs: tuple[Repair, ...] = ()
    parties: tuple[Party, ...] = ()
