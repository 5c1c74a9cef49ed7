"""Homes with a Zigbee2MQTT bridge: cached states, 60-second blind sensors, one press as three messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from nuanhu.town.devices.voice import CallKind, Mute, Outgoing, luminous, wobble
from nuanhu.town.dice import number_from
from nuanhu.town.homes import Fitted, Home

_encode = msgspec.json.Encoder().encode

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)

ZIGBEE_MODELS = {"RTCGQ11LM": "lumi.sensor_motion.aq2", "SNZB-04": "DS01", "TS0215A_sos": "TS0215A"}
EXPOSES = {
    "RTCGQ11LM": ("occupancy", "illuminance", "battery", "voltage", "device_temperature", "linkquality"),
    "SNZB-04": ("contact", "battery_low", "battery", "voltage", "linkquality"),
    "TS0215A_sos": ("action", "battery", "linkquality"),
}


class Zigbee2MqttVoice(Mute):
    """One home's Zigbee2MQTT and what is paired with it.

    Two of three installations repeat the last state in every later message (``cache_state``); the others' periodic
    reports have no ``occupancy`` at all. A quarter also sends what it remembers when it starts.

    Args:
        seed: The town's.
        home: Whose.
    """

    settles_after_s = 90

    def __init__(self, seed: int, home: Home) -> None:
        """Nothing has been seen yet."""
        self.low: set[str] = set()
        self._seed = seed
        self._prefix = home.bridge.prefix
        self._fitted = home.fitted
        manner = number_from(seed, "cache", home.number, bits=8)
        self._caches = manner % 3 != 0
        self._says_cached_at_start = self._caches and manner % 4 == 1
        self._cache: dict[str, dict[str, Any]] = {f.device.id: self._first(f) for f in home.fitted}

    def will(self) -> Outgoing | None:
        """The retained word that Zigbee2MQTT cannot be reached."""
        return self._said("bridge/state", {"state": "offline"}, retain=True)

    def connected(self, at: datetime) -> list[Outgoing]:
        """State of the bridge, its list of devices, and who of them can be reached: all retained."""
        del at
        messages = [
            self._said("bridge/state", {"state": "online"}, retain=True),
            self._said("bridge/devices", [self._described(f) for f in self._fitted], retain=True),
        ]
        return messages + [self._available(f, "online") for f in self._fitted]

    def hello(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """What is remembered of the device, where the installation is set so; else a report."""
        if self._says_cached_at_start:
            return [self._said(fitted.name, self._cache[fitted.device.id], fitted)]
        return self.report(fitted, at)

    def report(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Battery and readings; says nothing about motion unless the cache adds it."""
        battery_low = fitted.device.id in self.low
        news: dict[str, Any] = {"battery": 3 if battery_low else fitted.battery_percent(at)}
        if fitted.device.role == "motion":
            news |= {
                "device_temperature": wobble(self._seed, fitted.device.id, at, 21, 3),
                "illuminance": luminous(at),
                "power_outage_count": number_from(self._seed, "outages", fitted.device.id, bits=5),
            }
        if fitted.device.role == "door":
            news["battery_low"] = battery_low
        if fitted.device.role != "panic":
            news["voltage"] = 2305 if battery_low else fitted.battery_mv(at)
        return [self._state(fitted, at, news)]

    def detected(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """``occupancy: true``, with the light that the sensor measured at that moment."""
        return [self._state(fitted, at, {"occupancy": True, "illuminance": luminous(at)})]

    def settled(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """``occupancy: false``: Zigbee2MQTT's own word, the sensor never says so."""
        if not self._cache[fitted.device.id].get("occupancy"):
            return []
        return [self._state(fitted, at, {"occupancy": False})]

    def moved(self, fitted: Fitted, at: datetime, *, is_open: bool) -> list[Outgoing]:
        """``contact`` is true for closed."""
        return [self._state(fitted, at, {"contact": not is_open, "battery_low": fitted.device.id in self.low})]

    def call(self, fitted: Fitted, at: datetime, kind: CallKind) -> list[Outgoing]:
        """The action, its plain copy for home automation, and the empty action that follows."""
        del kind
        cached = {k: v for k, v in self._cache[fitted.device.id].items() if k != "action"}
        quality = self._quality(fitted, at)
        return [
            self._said(fitted.name, {**cached, "action": "emergency", "linkquality": quality}, fitted, urgent=True),
            Outgoing(f"{self._prefix}/{fitted.name}/action", b"emergency", device=fitted.device.id, urgent=True),
            self._said(fitted.name, {**cached, "action": "", "linkquality": quality}, fitted, urgent=True),
        ]

    def lost(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """After 25 hours of silence Zigbee2MQTT calls a battery device offline."""
        del at
        return [self._available(fitted, "offline")]

    def _first(self, fitted: Fitted) -> dict[str, Any]:
        known: dict[str, Any] = {"linkquality": wobble(self._seed, fitted.device.id, EPOCH, 110, 60)}
        if fitted.device.role == "panic":
            known["battery"] = None  # until its first report
        if fitted.device.role == "motion" and self._caches:
            known["occupancy"] = False
        if fitted.device.role == "door":
            known |= {"contact": True, "battery_low": False}
        return known

    def _quality(self, fitted: Fitted, at: datetime) -> int:
        return min(255, max(12, wobble(self._seed, fitted.device.id, at, 110, 60)))

    def _state(self, fitted: Fitted, at: datetime, news: dict[str, Any]) -> Outgoing:
        known = self._cache[fitted.device.id]
        news["linkquality"] = self._quality(fitted, at)
        known.update(news)
        return self._said(fitted.name, known if self._caches else news, fitted)

    def _available(self, fitted: Fitted, state: str) -> Outgoing:
        return self._said(f"{fitted.name}/availability", {"state": state}, fitted, retain=True)

    def _said(
        self,
        below: str,
        body: object,
        fitted: Fitted | None = None,
        *,
        retain: bool = False,
        urgent: bool = False,
    ) -> Outgoing:
        device = fitted.device.id if fitted else ""
        return Outgoing(f"{self._prefix}/{below}", _encode(body), retain=retain, device=device, urgent=urgent)

    def _described(self, fitted: Fitted) -> dict[str, Any]:
        device = fitted.device
        return {
            "ieee_address": device.inner,
            "type": "EndDevice",
            "network_address": number_from(self._seed, "nwk", device.id, bits=16),
            "friendly_name": fitted.name,
            "model_id": ZIGBEE_MODELS[device.model],
            "power_source": "Battery",
            "interview_completed": True,
            "supported": True,
            "disabled": False,
            "definition": {
                "model": device.model,
                "vendor": device.vendor,
                "exposes": [{"property": name} for name in EXPOSES[device.model]],
            },
        }
