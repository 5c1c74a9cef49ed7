"""Home Assistant's MQTT discovery: what each retained ``config`` declares tells how its state topic is read.

The declarations are kept as names of the bridge: a state topic's device, and under the topic with ``#`` what its values
mean. Only topics below the bridge's prefix count, because nobody else is kept from speaking elsewhere. A template is
understood when it picks one value, or says one of two words by a condition (``state_template``); of an entity that can
call, any other is a fault with each state, for nobody may rely on it. A state that was never declared is read by the
words of its topic.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message
from device_adapters.bridges.plain_values import LEVELS, as_number, is_calm, meaning_of, press, said_of, says_pressed
from device_adapters.bridges.state_template import StateTemplate, read_template
from device_adapters.signals import AnySignal, Availability, Battery, Fault, Heartbeat, Link, Panic, Provisioning
from device_adapters.values import percent_of, read_object, text

_CONFIG = re.compile(r"(?:^|/)([a-z_]+)/(?:[^/]+/)?[^/]+/config\Z")
_COMPONENTS = frozenset({"binary_sensor", "sensor", "event", "device_automation", "device"})
_ANYTHING = msgspec.json.Decoder()

_SHORT = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "cmps": "components",
    "dev": "device",
    "dev_cla": "device_class",
    "ids": "identifiers",
    "p": "platform",
    "pl": "payload",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_t": "state_topic",
    "stype": "subtype",
    "t": "topic",
    "uniq_id": "unique_id",
    "val_tpl": "value_template",
}
"""Abbreviations that the convention allows, as far as we read them."""

_LEVEL_OF_CLASS = {
    "motion": "motion",
    "occupancy": "motion",
    "presence": "presence",
    "door": "contact",
    "window": "contact",
    "opening": "contact",
    "garage_door": "contact",
    "safety": "panic",
    "smoke": "smoke",
    "gas": "gas",
    "carbon_monoxide": "carbon_monoxide",
    "moisture": "water_leak",
    "tamper": "tamper",
    "vibration": "vibration",
    "moving": "moving",
    "battery": "battery_low",
}
_PATH = re.compile(r"\{\{-?\s*value_json((?:\.\w+|\[\s*['\"][^'\"]+['\"]\s*\])+)\s*(?:\|[^}]*)?-?\}\}\Z")
_STEP = re.compile(r"\.(\w+)|\[\s*['\"]([^'\"]+)['\"]\s*\]")
_CALLING = frozenset({"panic", "fall", "smoke", "gas", "carbon_monoxide", "event", "trigger", "text"})
"""What a template that does more than pick a value must not keep silent."""
_MOST_MEANINGS = 40
_MARK = "#"


class _Meaning(msgspec.Struct, frozen=True, array_like=True):
    """How one entity reads a topic: as what, which values say on and off, where in the JSON or by which template."""

    entity: str
    reads_as: str
    on: str = "ON"
    off: str = "OFF"
    path: tuple[str, ...] = ()
    name: str = ""
    template: StateTemplate | None = None


_MEANINGS = msgspec.json.Decoder(list[_Meaning])
_ENCODER = msgspec.json.Encoder()


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """What a declaration teaches, or what a state says by what was declared.

    Raises:
        Rejected: A declaration that is no JSON object.
    """
    rest = message.topic[len(prefix) + 1 :]
    if not message.payload or rest.endswith("/set"):
        return []
    found = _CONFIG.search(rest)
    if found is not None and found[1] in _COMPONENTS:
        return _declared(message, prefix, found[1], rest, known)
    return _state(message, rest, known)


def _declared(message: Message, prefix: str, component: str, rest: str, known: Known) -> list[AnySignal]:
    body = read_object(_ANYTHING, message.payload)
    if not isinstance(body, dict):
        return []
    config = _long(body)
    device = _device_of(config) or text(config.get("unique_id"), 128)
    names: dict[str, str] = {}
    parts = config.get("components") if component == "device" else None
    entities = [(component, rest, config)]
    if isinstance(parts, dict):
        shared = {key: value for key, value in config.items() if key != "components"}
        entities = [(text(one.get("platform")), f"{rest}/{key}", shared | one) for key, one in parts.items()]
    for kind, entity, one in entities:
        for topic, meaning in _meanings(kind, entity, one):
            inner = topic.removeprefix(f"{prefix}/")
            if device and inner != topic and inner.isprintable():
                names[inner] = device
                held = names.get(inner + _MARK, known.names.get(inner + _MARK, "[]"))
                names[inner + _MARK] = _merged(held, meaning)
    said: dict[str, Any] = {"device": device, "arrived_at": message.arrived_at, "retained": message.retained}
    return [Provisioning(code="discovered", names=names or None, **said)]


def _long(config: dict[str, Any], base: str = "") -> dict[str, Any]:
    """Abbreviations written out, and ``~`` replaced by the base topic, also in what is inside."""
    base = text(config.get("~"), 256) or base
    written = {_SHORT.get(key, key): value for key, value in config.items()}
    for key, value in written.items():
        if base and key.endswith("topic") and isinstance(value, str):
            written[key] = base + value[1:] if value.startswith("~") else value
            if value.endswith("~") and len(value) > 1:
                written[key] = value[:-1] + base
        elif key == "availability" and isinstance(value, list):
            written[key] = [_long(one, base) for one in value if isinstance(one, dict)]
        elif key == "components" and isinstance(value, dict):
            written[key] = {name: _long(one, base) for name, one in value.items() if isinstance(one, dict)}
    return written


def _device_of(config: dict[str, Any]) -> str:
    device = config.get("device")
    ids = _long(device).get("identifiers") if isinstance(device, dict) else None
    return text(ids[0], 128) if isinstance(ids, list) and ids else text(ids, 128)


def _meanings(kind: str, entity: str, config: dict[str, Any]) -> list[tuple[str, _Meaning]]:
    """Which topics an entity reads, and as what."""
    found: list[tuple[str, _Meaning]] = []
    name = _name_of(entity, config)
    topic = text(config.get("state_topic"), 256) or text(config.get("topic"), 256)
    read_as = _read_as(kind, config, name)
    written = config.get("value_template")
    template = read_template(written) if isinstance(written, str) else None
    path = template.path if template is not None else _path(written, is_strict=read_as in _CALLING)
    if topic and path is None and read_as in _CALLING:
        found.append((topic, _Meaning(entity, "unread", name=name)))
    if topic and read_as and path is not None:
        on, off = _word(config.get("payload_on", "ON")), _word(config.get("payload_off", "OFF"))
        if kind == "device_automation":
            on, off = _word(config.get("payload", "")), _word(config.get("type", ""))
        does_more = template is not None and bool(template.test or template.filters)
        found.append((topic, _Meaning(entity, read_as, on, off, path, name, template if does_more else None)))
    for where in _availability_topics(config):
        on, off = config.get("payload_available", "online"), config.get("payload_not_available", "offline")
        found.append((where, _Meaning("availability", "availability", _word(on), _word(off))))
    return found


def _name_of(entity: str, config: dict[str, Any]) -> str:
    """What tells most of what it is about: a trigger's subtype, an id, a name, or its place in the topic."""
    last = entity.rpartition("/")[0].rpartition("/")[2]
    names = [text(config.get(key)) for key in ("subtype", "object_id", "name")] + [last]
    return next((name for name in names if meaning_of(name)), next((name for name in names if name), ""))


def _read_as(kind: str, config: dict[str, Any], name: str) -> str:
    class_ = text(config.get("device_class"))
    if kind == "binary_sensor":
        return {"connectivity": "availability", "problem": "problem"}.get(class_, "") or _LEVEL_OF_CLASS.get(
            class_, "words"
        )
    if kind == "sensor":
        told = "text" if class_ in {"", "enum"} and meaning_of(name) in {"panic", "fall"} else ""
        return {"battery": "battery", "signal_strength": "rssi"}.get(class_, told)
    return {"event": "event", "device_automation": "trigger"}.get(kind, "")


def _availability_topics(config: dict[str, Any]) -> list[str]:
    listed = config.get("availability")
    written = [one.get("topic") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [topic for topic in (text(each, 256) for each in [config.get("availability_topic"), *written]) if topic]


def _path(template: object, *, is_strict: bool) -> tuple[str, ...] | None:
    """The steps of a template that picks one value; empty for the whole payload, None when it does more.

    What it makes of a figure (a battery, a strength) may be left out, of a call for help (strict) not.
    """
    if template is None or template == "":
        return ()
    if is_strict or not isinstance(template, str) or len(template) > 255:  # noqa: PLR2004
        return None
    found = _PATH.match(template.strip())
    return None if found is None else tuple(a or b for a, b in _STEP.findall(found[1]))


def _word(value: object) -> str:
    return str(value)[:64] if isinstance(value, (str, int, float, bool)) else ""


def _merged(held: str, meaning: _Meaning) -> str:
    others = [one for one in _read_meanings(held) if one.entity != meaning.entity]
    return _ENCODER.encode([*others, meaning][-_MOST_MEANINGS:]).decode()


def _read_meanings(held: str) -> list[_Meaning]:
    try:
        return _MEANINGS.decode(held)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return []


def _state(message: Message, rest: str, known: Known) -> list[AnySignal]:
    said: dict[str, Any] = {
        "device": known.names.get(rest, ""),
        "name": rest[:64],
        "arrived_at": message.arrived_at,
        "retained": message.retained,
    }
    value = _value(message.payload)
    held = known.names.get(rest + _MARK)
    if held is None:
        levels = rest.split("/")
        return said_of(" ".join(levels[-3:]), value, said)
    signals = [signal for meaning in _read_meanings(held) for signal in _said(meaning, value, said)]
    return signals or [Heartbeat(**said)]


def _value(payload: bytes) -> object:
    """JSON where it is an object, else the text."""
    if payload.lstrip().startswith(b"{"):
        return read_object(_ANYTHING, payload)
    return payload.decode("utf-8", "replace").strip()


def _said(meaning: _Meaning, value: object, said: dict[str, Any]) -> list[AnySignal]:
    value = (meaning.template or StateTemplate(meaning.path)).of(value)
    if value is None:
        return []
    if meaning.reads_as in {"unread", "words", "text"}:
        return _by_words(meaning, value, said)
    if meaning.reads_as in {"event", "trigger"}:
        return _pressed(meaning, value, said)
    if meaning.reads_as == "battery":
        percent = percent_of(as_number(value))
        return [] if percent is None else [Battery(percent=percent, **said)]
    if meaning.reads_as == "rssi":
        strength = as_number(value)
        return [] if strength is None else [Link(rssi_dbm=strength, **said)]
    on = _on_or_off(meaning, value)
    if on is None:
        return []
    if meaning.reads_as == "availability":
        return [Availability(state="online" if on else "offline", **said)]
    if meaning.reads_as == "problem":
        return [Fault(code="problem", **said)] if on else []
    level = LEVELS.get(meaning.reads_as)
    return [] if level is None else [level(on, said)]


def _by_words(meaning: _Meaning, value: object, said: dict[str, Any]) -> list[AnySignal]:
    """What has no class; a text's figures say nothing."""
    if meaning.reads_as == "unread":
        return [Fault(code="unread", text="value_template", **said)]
    if meaning.reads_as == "text":
        return said_of(meaning.name, value, said) if as_number(value) is None else []
    return said_of(meaning.name, _on_or_off(meaning, value), said)


def _on_or_off(meaning: _Meaning, value: object) -> bool | None:
    word = _word(value).casefold()
    if word == meaning.on.casefold():
        return True
    return False if word == meaning.off.casefold() else None


def _pressed(meaning: _Meaning, value: object, said: dict[str, Any]) -> list[AnySignal]:
    """An event says its type; a trigger fires on its payload and is named by its type."""
    if meaning.reads_as == "event":
        word = text(value.get("event_type")) if isinstance(value, dict) else text(value)
        return _key(meaning, word, said)
    if meaning.on and _word(value) != meaning.on:
        return []
    return _key(meaning, meaning.on or meaning.off, said)


def _key(meaning: _Meaning, word: str, said: dict[str, Any]) -> list[AnySignal]:
    """A press of any kind of what is called SOS is a call; anything else is what its word says."""
    if not word:
        return []
    called = meaning_of(meaning.name) == "panic" and says_pressed(word)
    return [Panic(subtype=word.lower(), **said)] if called else [press(word, said)]


def urgent(topic: str, payload: bytes) -> bool:
    """Every state that does not plainly say off or a longer number: what it means is known only to the declaration."""
    return not topic.endswith(("/config", "/set")) and not is_calm(payload, figures_from=2)


ADAPTER = Adapter(
    name="home-assistant",
    title="Home Assistant discovery",
    default_prefix="homeassistant",
    decode=decode,
    urgent=urgent,
)
