"""A device that speaks through a registered bridge and is not registered: what it says, and what it seems to be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from device_adapters.signals import AnySignal, DeviceInfo, Link, kind_of

MOST_KINDS = 18
LONGEST_SAID = 60

ROLE_OF: dict[str, str] = {
    "panic": "panic",
    "fall": "fall",
    "button": "panic",
    "presence": "presence",
    "motion": "motion",
    "contact": "door",
    "location": "pendant",
}
"""What a device that says this kind of thing is likely to be; the first that fits."""

ALARM_ROLES = {"smoke": "smoke", "gas": "gas", "carbon_monoxide": "gas"}

ROOM_WORDS: dict[str, tuple[str, ...]] = {
    "bedroom": ("bedroom", "bed", "卧"),
    "bathroom": ("bathroom", "bath", "toilet", "卫", "厕"),
    "kitchen": ("kitchen", "厨"),
    "living": ("living", "lounge", "客厅"),
    "hall": ("hall", "corridor", "走廊", "过道"),
    "entrance": ("entrance", "front", "door", "门"),
    "yard": ("yard", "garden", "院"),
}
"""Words in a device's name that tell its room."""


class Stranger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a device that nobody has registered.

    Attributes:
        bridge: Registered bridge it speaks through.
        inner: What it calls itself there.
        first_at: First heard, UTC.
        last_at: Last heard, UTC.
        count: Messages heard.
        name: Friendly name, where its bridge gives one.
        model: Maker's model name, where it says so.
        said: Last value by kind of signal, short.
    """

    bridge: str
    inner: str
    first_at: datetime
    last_at: datetime
    count: int = 0
    name: str = ""
    model: str = ""
    said: dict[str, str] = {}


def heard(known: Stranger | None, bridge: str, signals: Iterable[AnySignal], now: datetime) -> Stranger:
    """What is known after one message; all its signals are of one device."""
    said = list(signals)
    first = said[0]
    inner = first.device or first.name
    before = known or Stranger(bridge=bridge, inner=inner, first_at=now, last_at=now)
    values = dict(before.said)
    for signal in said:
        kind = kind_of(signal)
        if kind in values or len(values) < MOST_KINDS:
            values[kind] = _value(signal)
    models = [s.model for s in said if isinstance(s, DeviceInfo) and s.model]
    return msgspec.structs.replace(
        before,
        last_at=max(now, before.last_at),
        count=before.count + 1,
        name=next((s.name for s in said if s.name), before.name)[:LONGEST_SAID],
        model=(models[-1] if models else before.model)[:LONGEST_SAID],
        said=values,
    )


def _value(signal: AnySignal) -> str:
    if isinstance(signal, Link):
        parts = ((signal.rssi_dbm, " dBm"), (signal.lqi, " lqi"))
        return next((f"{value:g}{unit}" for value, unit in parts if value is not None), "")
    for name in ("alarm_type", "action", "state", "percent", "volts", "low", "code", "model"):
        value = getattr(signal, name, None)
        if value is not None:
            unit = {"percent": " %", "volts": " V"}.get(name, "")
            return f"{value}{unit}"[:LONGEST_SAID]
    return ""


def likely_role(stranger: Stranger) -> str:
    """The role that fits what it says best; empty when nothing does."""
    alarm = ALARM_ROLES.get(stranger.said.get("alarm", ""))
    return alarm or next((role for kind, role in ROLE_OF.items() if kind in stranger.said), "")


def likely_room(stranger: Stranger) -> str:
    """The room that its name tells; empty when it tells none."""
    name = f"{stranger.name} {stranger.inner}".lower()
    return next((room for room, words in ROOM_WORDS.items() if any(word in name for word in words)), "")
