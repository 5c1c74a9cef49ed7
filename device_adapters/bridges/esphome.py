"""ESPHome: ``<device>/<component>/<object>/state``, ``<device>/status``.

Source: ESPHome's documentation. Objects are named by whoever wrote the configuration, and read by their words; states
are retained unless the configuration says otherwise.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message
from device_adapters.bridges.plain_values import is_calm, press, said_of
from device_adapters.signals import AnySignal, Availability, Heartbeat
from device_adapters.values import read_object, text

_STATUS = re.compile(r"(?:(?P<device>.+)/)?status\Z")
_STATE = re.compile(r"(?:(?P<device>.+)/)?(?P<component>binary_sensor|sensor|text_sensor|event|button)/"
                    r"(?P<object>[^/]+)/state\Z")  # fmt: skip
_ANYTHING = msgspec.json.Decoder()


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one topic; the device is its topic prefix, or the bridge's own last level."""
    del known
    rest = message.topic[len(prefix) + 1 :]
    if not message.payload:
        return []
    found = _STATE.match(rest) or _STATUS.match(rest)
    if found is None:
        return []
    said: dict[str, Any] = {
        "device": found["device"] or prefix.rpartition("/")[2],
        "arrived_at": message.arrived_at,
        "retained": message.retained,
    }
    value = message.payload.decode("utf-8", "replace").strip()
    if found.re is _STATUS:
        state: Any = {"online": "online", "offline": "offline"}.get(value)
        return [] if state is None else [Availability(state=state, **said)]
    if found["component"] == "event":
        return _event(message, value, said)
    return said_of(found["object"], value, said) or [Heartbeat(**said)]


def _event(message: Message, value: str, said: dict[str, Any]) -> list[AnySignal]:
    body = read_object(_ANYTHING, message.payload) if value.startswith("{") else {"event_type": value}
    word = text(body.get("event_type")) if isinstance(body, dict) else ""
    return [press(word, said)] if word else [Heartbeat(**said)]


def urgent(topic: str, payload: bytes) -> bool:
    """Every event, and every state that does not plainly say off or a number other than 1."""
    return topic.endswith("/state") and ("/event/" in topic or not is_calm(payload))


ADAPTER = Adapter(name="esphome", title="ESPHome", default_prefix="esphome", decode=decode, urgent=urgent)
