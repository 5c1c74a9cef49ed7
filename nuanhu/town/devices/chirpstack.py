"""LoRaWAN homes: Milesight frames in the uplink events of the city's ChirpStack."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec

from nuanhu.town.devices.voice import CallKind, Mute, Outgoing, luminous, wobble
from nuanhu.town.dice import number_from
from nuanhu.town.homes import CITY_SERVER, Fitted, application_of

_encode = msgspec.json.Encoder().encode

COUNTING_FROM_S = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
F_PORT = 85
DARK_BELOW_LUX = 40


class ChirpStackVoice(Mute):
    """The city's network server, speaking for the LoRaWAN devices of all homes.

    Frame counters start at the minutes since 2025 began, so that they never go back over restarts of the town.

    Args:
        seed: The town's.
        now: When the town starts.
    """

    settles_after_s = 60

    def __init__(self, seed: int, now: datetime) -> None:
        """Start all counters."""
        self.low: set[str] = set()
        self._seed = seed
        self._application = application_of(seed)
        self._tenant = str(uuid.UUID(int=number_from(seed, "tenant", bits=128), version=4))
        self._first_count = max(0, int((now.timestamp() - COUNTING_FROM_S) / 60))
        self._counts: dict[str, int] = {}
        self._on: dict[str, bool] = {}

    def hello(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A periodic report: a LoRaWAN device has no other way to say that it is there."""
        return self.report(fitted, at)

    def report(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Battery and present states."""
        frame = bytes((0x01, 0x75, 4 if fitted.device.id in self.low else fitted.battery_percent(at)))
        if fitted.device.model != "WS101":
            frame += self._states(fitted, at)
        return self._uplink(fitted, at, frame)

    def detected(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """WS202: triggered, and whether there is light."""
        self._on[fitted.device.inner] = True
        return self._uplink(fitted, at, self._states(fitted, at))

    def settled(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """WS202: back to normal."""
        if not self._on.get(fitted.device.inner):
            return []
        self._on[fitted.device.inner] = False
        return self._uplink(fitted, at, self._states(fitted, at))

    def moved(self, fitted: Fitted, at: datetime, *, is_open: bool) -> list[Outgoing]:
        """WS301: 1 is open; installed."""
        self._on[fitted.device.inner] = is_open
        return self._uplink(fitted, at, self._states(fitted, at))

    def call(self, fitted: Fitted, at: datetime, kind: CallKind) -> list[Outgoing]:
        """WS101: one short press."""
        del kind
        return self._uplink(fitted, at, bytes((0xFF, 0x2E, 0x01)), urgent=True)

    def tampered(self, fitted: Fitted, at: datetime, *, active: bool) -> list[Outgoing]:
        """WS301: taken from its place; the others cannot say so."""
        if fitted.device.model != "WS301":
            return []
        return self._uplink(fitted, at, self._states(fitted, at, removed=active))

    def _states(self, fitted: Fitted, at: datetime, *, removed: bool = False) -> bytes:
        """WS202: PIR and light. WS301: open and taken from its place."""
        second = luminous(at) >= DARK_BELOW_LUX if fitted.device.model == "WS202" else removed
        return bytes((0x03, 0x00, self._on.get(fitted.device.inner, False), 0x04, 0x00, second))

    def _uplink(self, fitted: Fitted, at: datetime, frame: bytes, *, urgent: bool = False) -> list[Outgoing]:
        """One ``up`` event; now and then the integration delivers it a second time, unchanged."""
        eui = fitted.device.inner
        count = self._counts.get(eui, self._first_count)
        self._counts[eui] = count + 1
        drawn = number_from(self._seed, "uplink", eui, count, bits=128)
        body: dict[str, Any] = {
            "deduplicationId": str(uuid.UUID(int=drawn, version=4)),
            "time": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "000+00:00"),
            "deviceInfo": self._info(fitted),
            "devAddr": f"{number_from(self._seed, 'address', eui, bits=32) & 0x01FFFFFF | 0x26000000:08x}",
            "adr": True,
            "dr": 5 - drawn % 3,
            "fCnt": count,
            "fPort": F_PORT,
            "confirmed": urgent,
            "data": base64.b64encode(frame).decode(),
            "rxInfo": [self._received(fitted, at, drawn, gateway) for gateway in range(1 + (drawn >> 8) % 2)],
            "txInfo": {
                "frequency": 486_300_000 + 200_000 * (drawn % 8),
                "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 7 + drawn % 3, "codeRate": "CR_4_5"}},
            },
        }
        if not urgent:
            del body["confirmed"]  # a key with its default value is left out
        topic = f"{CITY_SERVER.prefix}/{self._application}/device/{eui}/event/up"
        message = Outgoing(topic, _encode(body), device=fitted.device.id, urgent=urgent)
        return [message] * (2 if drawn % 61 == 7 else 1)

    def _info(self, fitted: Fitted) -> dict[str, Any]:
        model = fitted.device.model
        profile = uuid.UUID(int=number_from(self._seed, "profile", model, bits=128), version=4)
        return {
            "tenantId": self._tenant,
            "tenantName": "anyu",
            "applicationId": self._application,
            "applicationName": "nuanhu",
            "deviceProfileId": str(profile),
            "deviceProfileName": f"Milesight {model}",
            "deviceName": fitted.name,
            "devEui": fitted.device.inner,
            "deviceClassEnabled": "CLASS_A",
            "tags": {},
        }

    def _received(self, fitted: Fitted, at: datetime, drawn: int, gateway: int) -> dict[str, Any]:
        rssi_dbm = wobble(self._seed, fitted.device.id, at, -92 - 9 * gateway, 14)
        return {
            "gatewayId": f"24e124fffef{number_from(self._seed, 'near', fitted.device.household, bits=6) + gateway:05x}",
            "uplinkId": (drawn >> (16 + gateway)) & 0xFFFFFFFF,
            "rssi": rssi_dbm,
            "snr": round(9.5 - gateway * 4 - (drawn % 23) / 4, 2),
            "channel": drawn % 8,
            "context": base64.b64encode((drawn & 0xFFFFFFFF).to_bytes(4, "big")).decode(),
            "crcStatus": "CRC_OK",
        }
