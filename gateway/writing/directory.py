"""The registry in memory: whose topic, whose device, whose home. Answers for every message, so it only looks up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from alerting.casefile import (
    Account,
    Area,
    Bridge,
    Device,
    DeviceStage,
    DeviceStatus,
    Household,
    Installation,
    Registry,
    Responder,
    covers,
)
from alerting.decisions import (
    AccountSaved,
    AreaRemoved,
    AreaSaved,
    BridgeSaved,
    DeviceSaved,
    HouseholdSaved,
    PartySaved,
    RegistryChange,
    RepairSaved,
    ResponderSaved,
)
from alerting.duty.candidates import Whereabouts
from alerting.duty.reach import (
    RESPONDER,
    Addresses,
    PeopleChange,
    names_of,
    people_of,
    person_of,
    signed_in_person,
    with_homes,
)
from alerting.events import DeviceFacts, Enrolled
from alerting.peers import Party
from alerting.repair import Repair
from device_adapters.adapter import DeviceHint, Known
from device_adapters.catalogue import ADAPTERS
from device_adapters.check_ins import interval_of
from gateway.cabinet import Cabinet
from gateway.self_supervision import canary
from gateway.writing.number_book import NumberBook
from gateway.writing.offices import Offices
from gateway.writing.seals import UNSEALED, Seals

TOPICS_KEPT = 50_000
PANIC_ROLES = frozenset({"panic", "pendant", "smoke", "gas", "fall"})


class Directory(Offices):
    """What is registered, arranged for looking up. Follows what the registry's commands change, after their commit."""

    def __init__(
        self,
        registry: Registry,
        names: Mapping[str, Mapping[str, str]],
        seals: Seals = UNSEALED,
        homes: Iterable[Household] | None = None,
    ) -> None:
        """Arrange a registry.

        Args:
            registry: What is registered.
            names: Inner id by friendly name, by bridge.
            seals: Opens bind keys.
            homes: The households in place of those in the registry, gone through once.
        """
        self.seals = seals
        self.areas: dict[str, Area] = {area.key: area for area in registry.areas}
        self.households = Cabinet(Household)
        self.responders: dict[str, Responder] = {person.id: person for person in registry.responders}
        self.whereabouts = Whereabouts(registry.responders)
        self.accounts: dict[str, Account] = {account.login: account for account in registry.accounts}
        self.bridges: dict[str, Bridge] = {bridge.id: bridge for bridge in registry.bridges}
        self.devices: dict[str, Device] = {device.id: device for device in registry.devices}
        self.installations: dict[str, Installation] = {it.household: it for it in registry.installations}
        self.repairs: dict[str, Repair] = {it.key: it for it in registry.repairs}
        self.parties: dict[str, Party] = {it.id: it for it in registry.parties}
        self.addresses = Addresses(registry)
        self.numbers = NumberBook()
        self.people = people_of(registry, self._filed(registry.households if homes is None else homes))
        self.accounts[canary.KEY] = canary.watcher()
        self._by_prefix = {bridge.prefix: bridge for bridge in (*registry.bridges, canary.BRIDGE)}
        self._by_inner: dict[tuple[str, str], Device] = {}
        self._names: dict[str, dict[str, str]] = {bridge: dict(known) for bridge, known in names.items()}
        self._named: dict[str, tuple[str, ...]] = {}
        self._of_home: dict[str, list[Device]] = {}
        self._hubs: dict[str, Device] = {}
        self._behind: dict[str, dict[str, int]] = {}
        self._hints: dict[str, dict[str, DeviceHint]] = {}
        self._calling: dict[str, set[str]] = {}
        self._known: dict[str, Known] = {}
        self._owners: dict[str, Bridge | None] = {}  # looked up for every message, twice: topics repeat
        self._callers: dict[str, bool] = {}
        for device in registry.devices:
            self._arrange(device)

    def _filed(self, homes: Iterable[Household]) -> Iterator[Household]:
        """The households, each put where it is looked for while it passes by; never all of them are unfolded."""
        for home in self.numbers.passing(homes):
            self.households[home.key] = home
            self.addresses.put(None, home)
            yield home

    @property
    def signing_in(self) -> tuple[Account, ...]:
        """Everybody who may sign in, or could; not the canary."""
        return tuple(it for it in self.accounts.values() if it.login != canary.KEY)

    @property
    def beside_homes(self) -> Registry:
        """Everything that is registered now but the households, as one value; those are in ``households``."""
        return Registry(
            areas=tuple(self.areas.values()),
            responders=tuple(self.responders.values()),
            bridges=tuple(self.bridges.values()),
            devices=tuple(self.devices.values()),
            accounts=self.signing_in,
            installations=tuple(self.installations.values()),
            repairs=tuple(self.repairs.values()),
            parties=tuple(self.parties.values()),
        )

    def take(self, changes: Iterable[RegistryChange]) -> set[str]:
        """What is registered is this from now on; returns the homes that it concerns. From the writer's thread.

        Others read meanwhile: what they walk through is replaced whole, what they look up is changed in its place.
        """
        concerned: set[str] = set()
        changed: list[tuple[Household | None, Household]] = []
        devices, bridges = dict(self.devices), dict(self.bridges)
        homes, done, repairs = self.households.copy(), dict(self.installations), dict(self.repairs)
        parties, around = dict(self.parties), list[RegistryChange]()
        for change in changes:
            if isinstance(change, DeviceSaved):
                former = devices.get(change.device.id)
                if former is not None:
                    self._forget(former)
                    concerned.add(former.household)
                devices[change.device.id] = change.device
                self._arrange(change.device)
                concerned.add(change.device.household)
            elif isinstance(change, BridgeSaved):
                bridges[change.bridge.id] = change.bridge
            elif isinstance(change, HouseholdSaved):
                changed.append((homes.get(change.household.key), change.household))
                homes[change.household.key] = change.household
                concerned.add(change.household.key)
            elif isinstance(change, RepairSaved):
                repairs[change.repair.key] = change.repair
            elif isinstance(change, PartySaved):
                parties[change.party.id] = change.party
            elif isinstance(change, ResponderSaved | AccountSaved | AreaSaved | AreaRemoved):
                around.append(change)
            else:
                done[change.installation.household] = change.installation
        self._know(around)
        self.devices, self.bridges, self.households, self.installations = devices, bridges, homes, done
        self.repairs, self.parties = repairs, parties
        self.people = with_homes(self.people, changed)
        for former_home, home in changed:
            self.addresses.put(former_home, home)
        self.numbers.note(home for _, home in changed)
        self._by_prefix = {bridge.prefix: bridge for bridge in (*bridges.values(), canary.BRIDGE)}
        self._owners, self._callers = {}, {}
        return concerned

    def _know(self, changes: Sequence[RegistryChange]) -> None:
        """People who can be sent or sign in, and areas, are as these say."""
        for change in changes:
            if isinstance(change, ResponderSaved):
                self._employ(change.responder)
            elif isinstance(change, AccountSaved):
                self._admit(change.account)
        self._draw([it for it in changes if isinstance(it, AreaSaved | AreaRemoved)])

    def _draw(self, changes: Sequence[AreaSaved | AreaRemoved]) -> None:
        """The tree of areas is another one; in the order of its keys parents stand before children."""
        if not changes:
            return
        areas = dict(self.areas)
        for change in changes:
            if isinstance(change, AreaSaved):
                areas[change.area.key] = change.area
            else:
                areas.pop(change.area.key, None)
        self.areas = dict(sorted(areas.items()))
        names, towns = names_of(self.areas.values())
        self.people = self.people.after(PeopleChange(areas=names, towns=towns))

    def _employ(self, one: Responder) -> None:
        """Somebody can be sent and called as they are registered now."""
        self.responders = {**self.responders, one.id: one}
        self.whereabouts = Whereabouts(self.responders.values())
        self.addresses.employ(one)
        self.people = self.people.after(PeopleChange(persons={f"{RESPONDER}{one.id}": person_of(one)}))

    def _admit(self, one: Account) -> None:
        """Somebody may sign in and is called as registered now, or may no longer."""
        self.accounts = {**self.accounts, one.login: one}
        self.addresses.admit(one)
        self.people = self.people.after(PeopleChange(persons={one.login: signed_in_person(one)}))

    def _arrange(self, device: Device) -> None:
        bridge, inner = device.bridge, device.inner
        self._by_inner[bridge, inner] = device
        if device.id not in self._named.get(inner, ()):
            self._named[inner] = (*self._named.get(inner, ()), device.id)
        self._hints.setdefault(bridge, {})[inner] = self._hint(device)
        if device.status is DeviceStatus.ACTIVE:
            beside = self._of_home.get(device.household, [])
            self._of_home[device.household] = sorted([*beside, device], key=lambda d: d.id)
            behind = self._behind.get(bridge, {})
            self._behind[bridge] = {**behind, device.household: behind.get(device.household, 0) + 1}
            if device.role == "hub":
                self._hubs[bridge] = device
        if device.role in PANIC_ROLES:
            self._calling.setdefault(bridge, set()).add(inner)

    def _forget(self, device: Device) -> None:
        """The opposite, for a device that is about to be another one."""
        bridge, inner = device.bridge, device.inner
        self._by_inner.pop((bridge, inner), None)
        self._hints.get(bridge, {}).pop(inner, None)
        self._calling.get(bridge, set()).discard(inner)
        if device.status is DeviceStatus.ACTIVE:
            self._of_home[device.household] = [d for d in self._of_home[device.household] if d.id != device.id]
            behind = dict(self._behind[bridge])
            behind[device.household] -= 1
            self._behind[bridge] = {home: n for home, n in behind.items() if n}
            if self._hubs.get(bridge) == device:
                del self._hubs[bridge]

    def _hint(self, device: Device) -> DeviceHint:
        key = self.seals.open(device.sealed_key)
        return DeviceHint(vendor=device.vendor, model=device.model, role=device.role, key=key)

    def named(self, inner: str) -> list[Device]:
        """Devices that call themselves so, on whatever bridge; retired ones too."""
        return [self.devices[id_] for id_ in self._named.get(inner, ()) if id_ in self.devices]

    def behind(self, bridge: str) -> list[Device]:
        """Devices of a bridge, retired ones too."""
        return [device for device in self.devices.values() if device.bridge == bridge]

    def all_of(self, household: str) -> list[Device]:
        """Devices whose home is or was this one."""
        return [device for device in self.devices.values() if device.household == household]

    def bridge_of(self, topic: str) -> Bridge | None:
        """The bridge that owns a topic: the one whose prefix it lies below."""
        owners = self._owners  # first: what is found with prefixes of before must not be kept among those of after
        try:
            return owners[topic]
        except KeyError:
            pass
        bridge, end = None, len(topic)
        while bridge is None and end > 0:
            bridge = self._by_prefix.get(topic[:end])
            end = topic.rfind("/", 0, end)
        if len(owners) >= TOPICS_KEPT:
            owners.clear()
        owners[topic] = bridge
        return bridge

    def known_of(self, bridge: str) -> Known:
        """What an adapter may know of a bridge's devices."""
        known = self._known.get(bridge)
        if known is None:
            hints, names = self._hints.setdefault(bridge, {}), self._names.setdefault(bridge, {})
            known = self._known[bridge] = Known(hints, names)  # both grow in their places, a first device's too
        return known

    def device_of(self, bridge: str, inner: str) -> Device | None:
        """A registered device, trusted only inside its own bridge."""
        return self._by_inner.get((bridge, inner))

    def hub_of(self, bridge: str) -> Device | None:
        """The hub that a bridge is, where it is one home's."""
        return self._hubs.get(bridge)

    def homes_behind(self, bridge: str) -> tuple[str, ...]:
        """The homes that speak through a bridge."""
        return tuple(self._behind.get(bridge, ()))

    def devices_of(self, household: str) -> list[Device]:
        """Active devices of a home."""
        return self._of_home.get(household, [])

    def new_names(self, bridge: str, names: Mapping[str, str]) -> dict[str, str]:
        """Take in a bridge's friendly names; returns those that are news."""
        self._callers.clear()
        known = self._names.setdefault(bridge, {})
        news = {name: inner for name, inner in names.items() if known.get(name) != inner}
        known.update(news)
        return news

    def names(self) -> dict[str, dict[str, str]]:
        """A copy of all friendly names: inner id by name, by bridge."""
        return {bridge: dict(known) for bridge, known in list(self._names.items())}

    def may_call(self, bridge: str, topic: str) -> bool:
        """Whether a topic names a device that is registered to call for help."""
        calling = self._calling.get(bridge)
        if not calling:
            return False
        callers = self._callers
        known = callers.get(topic)
        if known is None:
            names = self._names.get(bridge, {})
            parts = topic.removeprefix(self.bridges[bridge].prefix).strip("/")
            known = names.get(parts) in calling or any(
                p in calling or names.get(p) in calling for p in parts.split("/")
            )
            if len(callers) >= TOPICS_KEPT:
                callers.clear()
            callers[topic] = known
        return known

    def find_households(self, area: str, text: str, limit: int) -> list[str]:
        """Keys of homes in an area whose name, address, case number or phone contains the text, without the store."""
        wanted = text.lower()
        found = (home.key for home in self.files_in(area, left=None) if wanted in home.search_text)
        return [*islice(found, limit)]

    def is_in(self, household: str, area: str) -> bool:
        """Whether there is such a home, and it lies in an area. Costs no look at its case file."""
        case = self.people.homes.get(household)
        return case is not None and covers(area, case.area)

    def areas_of_homes(self) -> list[str]:
        """The area of each home in the programme."""
        return [case.area for case in self.people.homes.values() if not case.has_left]

    def homes_in(self, area: str, *, left: bool | None = False) -> list[str]:
        """Keys of the homes in an area that are in the programme, or that have left; None: of both."""
        cases = self.people.homes.items()
        return [it for it, case in cases if covers(area, case.area) and (left is None or case.has_left is left)]

    def files_in(self, area: str, *, left: bool | None = False) -> Iterator[Household]:
        """The case files of the same homes, each unfolded when it is its turn: a city's take a part of a second."""
        keys = self.homes_in(area, left=left)
        files = self.households  # after: of a home that comes in between there would be no case file
        return (files[key] for key in keys)

    def enrolment(self, household: str) -> Enrolled:
        """The facts the rules keep of a home."""
        fitted = self.devices_of(household)
        hubs = {d.bridge: d.id for d in fitted if d.role == "hub" and not self._is_direct(d.bridge)}
        facts = tuple(
            DeviceFacts(
                d.id,
                d.role,
                d.room,
                d.check_in_s,
                armed=d.stage is DeviceStage.ARMED,
                interval_s=interval_of(d.vendor, d.model),
                hub="" if d.role == "hub" else hubs.get(d.bridge, ""),
            )
            for d in fitted
        )
        return Enrolled(tier=self.people.homes[household].tier, devices=facts)

    def _is_direct(self, bridge: str) -> bool:
        """Whether it is a network server: what calls itself a hub there is one device of many."""
        known = self.bridges.get(bridge)
        adapter = ADAPTERS.get(known.adapter) if known is not None else None
        return adapter is not None and adapter.direct
