"""The registry in memory: whose topic, whose device, whose home. Answers for every message, so it only looks up."""

from __future__ import annotations

from collections.abc import Mapping

from alerting.casefile import (
    Account,
    Area,
    Bridge,
    Device,
    DeviceStage,
    DeviceStatus,
    Household,
    Registry,
    Responder,
    covers,
)
from alerting.duty.reach import RESPONDER, Addresses, people_of
from alerting.events import DeviceFacts, Enrolled
from device_adapters.adapter import DeviceHint, Known
from gateway.self_supervision import canary

TOPICS_KEPT = 50_000
PANIC_ROLES = frozenset({"panic", "pendant", "smoke", "gas", "fall"})


class Directory:
    """What is registered, arranged for looking up. Replaced whole when the registry changes."""

    def __init__(self, registry: Registry, names: Mapping[str, Mapping[str, str]]) -> None:
        """Arrange a registry; ``names`` is inner id by friendly name, by bridge."""
        self.registry = registry
        self.areas: dict[str, Area] = {area.key: area for area in registry.areas}
        self.households: dict[str, Household] = {home.key: home for home in registry.households}
        self.responders: dict[str, Responder] = {person.id: person for person in registry.responders}
        self.accounts: dict[str, Account] = {account.login: account for account in registry.accounts}
        self.bridges: dict[str, Bridge] = {bridge.id: bridge for bridge in registry.bridges}
        self.devices: dict[str, Device] = {device.id: device for device in registry.devices}
        self.people = people_of(registry)
        self.addresses = Addresses(registry)
        self.accounts[canary.KEY] = canary.watcher()
        self._by_prefix = {bridge.prefix: bridge for bridge in (*registry.bridges, canary.BRIDGE)}
        self._by_inner: dict[tuple[str, str], Device] = {(d.bridge, d.inner): d for d in registry.devices}
        self._names: dict[str, dict[str, str]] = {bridge: dict(known) for bridge, known in names.items()}
        self._of_home: dict[str, list[Device]] = {}
        self._hubs: dict[str, Device] = {}
        self._behind: dict[str, dict[str, None]] = {}
        self._hints: dict[str, dict[str, DeviceHint]] = {}
        self._calling: dict[str, set[str]] = {}
        self._known: dict[str, Known] = {}
        self._owners: dict[str, Bridge | None] = {}  # looked up for every message, twice: topics repeat
        self._callers: dict[str, bool] = {}
        for device in registry.devices:
            self._arrange(device)

    def _arrange(self, device: Device) -> None:
        hint = DeviceHint(vendor=device.vendor, model=device.model, role=device.role)
        self._hints.setdefault(device.bridge, {})[device.inner] = hint
        if device.status is DeviceStatus.ACTIVE:
            self._of_home.setdefault(device.household, []).append(device)
            self._behind.setdefault(device.bridge, {})[device.household] = None
            if device.role == "hub":
                self._hubs[device.bridge] = device
        if device.role in PANIC_ROLES:
            self._calling.setdefault(device.bridge, set()).add(device.inner)

    def bridge_of(self, topic: str) -> Bridge | None:
        """The bridge that owns a topic: the one whose prefix it lies below."""
        try:
            return self._owners[topic]
        except KeyError:
            pass
        bridge, end = None, len(topic)
        while bridge is None and end > 0:
            bridge = self._by_prefix.get(topic[:end])
            end = topic.rfind("/", 0, end)
        if len(self._owners) >= TOPICS_KEPT:
            self._owners.clear()
        self._owners[topic] = bridge
        return bridge

    def known_of(self, bridge: str) -> Known:
        """What an adapter may know of a bridge's devices."""
        known = self._known.get(bridge)
        if known is None:
            known = self._known[bridge] = Known(self._hints.get(bridge, {}), self._names.setdefault(bridge, {}))
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
        known = self._callers.get(topic)
        if known is None:
            names = self._names.get(bridge, {})
            parts = topic.removeprefix(self.bridges[bridge].prefix).strip("/")
            known = names.get(parts) in calling or any(
                p in calling or names.get(p) in calling for p in parts.split("/")
            )
            if len(self._callers) >= TOPICS_KEPT:
                self._callers.clear()
            self._callers[topic] = known
        return known

    def find_households(self, area: str, text: str, limit: int) -> list[str]:
        """Keys of homes in an area whose name, address, case number or phone contains the text, without the store."""
        wanted = text.lower()
        homes = (home for home in self.registry.households if covers(area, home.area))
        return [home.key for home in homes if wanted in home.search_text][:limit]

    def enrolment(self, household: str) -> Enrolled:
        """The facts the rules keep of a home."""
        facts = tuple(
            DeviceFacts(d.id, d.role, d.room, d.check_in_s, d.stage is DeviceStage.ARMED)
            for d in self.devices_of(household)
        )
        return Enrolled(tier=self.households[household].tier, devices=facts)

    def areas_above(self, key: str) -> tuple[Area, ...]:
        """The area and all above it, from the city down."""
        chain: list[Area] = []
        area = self.areas.get(key)
        while area is not None:
            chain.append(area)
            area = self.areas.get(area.parent)
        return tuple(reversed(chain))

    def name_of(self, person: str) -> str:
        """What somebody is called, by login, responder or other person id; the id itself when nobody knows."""
        known = self.people.persons.get(person)
        account = self.accounts.get(person)
        responder = self.responders.get(person.removeprefix(RESPONDER))
        found = known or account or responder
        return found.name if found is not None else person

    def responders_for(self, area: str, household: Household | None = None) -> tuple[Responder, ...]:
        """Who may be sent: the home's own responsible persons first, then those of its village, then of its town."""
        own = [] if household is None else [household.village_responder, household.town_responder]
        town = area.rpartition(".")[0]
        near = sorted(
            (r for r in self.responders.values() if r.area in {area, town} or r.area.startswith(f"{area}.")),
            key=lambda r: (-len(r.area), r.id),
        )
        first = [self.responders[id_] for id_ in own if id_ in self.responders]
        return tuple(dict.fromkeys([*first, *near]))
