"""Homes with a hub of our own protocol: numbered events, repeated until the receipt. docs/protocol.md."""

from __future__ import annotations

from datetime import datetime

from device_adapters.own_messages import encode_event, encode_online, encode_status
from device_adapters.own_protocol import EventKind
from nuanhu.town.devices.voice import CallKind, Mute, Outgoing, wobble
from nuanhu.town.homes import Fitted, Home

FIRMWARE = "1.4.2"


class OwnVoice(Mute):
    """The hub of one home and its devices.

    Args:
        seed: The town's.
        home: Whose.
        boot: Boot id of all its devices: they start when the town does; at most 16 visible ASCII characters.
    """

    def __init__(self, seed: int, home: Home, boot: str) -> None:
        """Start all counters."""
        self.low: set[str] = set()
        self._seed = seed
        self._prefix = home.bridge.prefix
        self._boot = boot
        self._said: dict[str, int] = {}

    def will(self) -> Outgoing | None:
        """The retained word that the hub cannot be reached."""
        topic, payload = encode_online(self._prefix, online=False)
        return Outgoing(topic, payload, retain=True)

    def connected(self, at: datetime) -> list[Outgoing]:
        """The retained word that the hub is there."""
        del at
        topic, payload = encode_online(self._prefix, online=True)
        return [Outgoing(topic, payload, retain=True)]

    def hello(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A status with the firmware's version."""
        return self._status(fitted, at, firmware=FIRMWARE)

    def report(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A status."""
        return self._status(fitted, at)

    def detected(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """One event; these sensors never say that nobody is there."""
        return self._event(fitted, at, "motion", "detected")

    def moved(self, fitted: Fitted, at: datetime, *, is_open: bool) -> list[Outgoing]:
        """One event."""
        return self._event(fitted, at, "contact", "open" if is_open else "closed")

    def call(self, fitted: Fitted, at: datetime, kind: CallKind) -> list[Outgoing]:
        """One event, with the state of the battery: what is known goes along with a call for help."""
        return self._event(fitted, at, kind, "active", urgent=True)

    def marked_test(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """An event that says of itself that it is a test."""
        return self._event(fitted, at, "test")

    def well(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """The answer to a prompt."""
        return self._event(fitted, at, "well")

    def tampered(self, fitted: Fitted, at: datetime, *, active: bool) -> list[Outgoing]:
        """One event."""
        return self._event(fitted, at, "tamper", "active" if active else "clear")

    def _count(self, inner: str) -> int:
        count = self._said.get(inner, 0)
        self._said[inner] = count + 1
        return count

    def _status(
        self,
        fitted: Fitted,
        at: datetime,
        *,
        firmware: str | None = None,
    ) -> list[Outgoing]:
        inner, on_battery = fitted.device.inner, bool(fitted.battery_days)
        topic, payload = encode_status(
            self._prefix,
            inner,
            boot=self._boot,
            seq=self._count(inner),
            at=at,
            battery_percent=self._percent(fitted, at) if on_battery else None,
            battery_mv=(2310 if fitted.device.id in self.low else fitted.battery_mv(at)) if on_battery else None,
            rssi_dbm=wobble(self._seed, fitted.device.id, at, -61, 14) if on_battery else None,
            firmware=firmware,
        )
        return [Outgoing(topic, payload, device=fitted.device.id)]

    def _percent(self, fitted: Fitted, at: datetime) -> int:
        return 4 if fitted.device.id in self.low else fitted.battery_percent(at)

    def _event(
        self,
        fitted: Fitted,
        at: datetime,
        kind: EventKind,
        state: str | None = None,
        *,
        urgent: bool = False,
    ) -> list[Outgoing]:
        inner = fitted.device.inner
        seq = self._count(inner)
        event_id = f"{self._boot}-{seq}"
        payloads = []
        for buffered in (False, True):
            topic, payload = encode_event(
                self._prefix,
                inner,
                event_id=event_id,
                boot=self._boot,
                seq=seq,
                kind=kind,
                at=at,
                state=state,
                buffered=buffered,
                battery_percent=self._percent(fitted, at) if urgent else None,
                rssi_dbm=wobble(self._seed, fitted.device.id, at, -61, 14) if urgent else None,
            )
            payloads.append(payload)
        return [
            Outgoing(
                topic,
                payloads[0],
                device=fitted.device.id,
                event_id=event_id,
                late_payload=payloads[1],
                urgent=urgent,
            ),
        ]
