"""Values that say on or off, and the words by which people name what they are about.

For conventions in which a topic or a property is named by whoever set it up (ESPHome, Homie, Home Assistant without a
device class): ``hall_motion``, ``front-door``, ``sos_button``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Button,
    Contact,
    Fall,
    Link,
    Motion,
    Movement,
    Panic,
    Presence,
    Tamper,
)
from device_adapters.values import percent_of

_ON = frozenset({"on", "true", "1", "open", "opened", "detected", "active", "pressed", "occupied", "home", "wet"})
_OFF = frozenset(
    {"off", "false", "0", "closed", "close", "clear", "inactive", "released", "unoccupied", "not_home", "dry", "none"}
)
PANIC_WORDS = frozenset({"emergency", "sos", "panic"})

_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?\Z")


def is_on(value: object) -> bool | None:
    """Whether a value says on; None when it says neither."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().strip('"').lower() if isinstance(value, (str, int)) else ""
    return True if word in _ON else False if word in _OFF else None


def motion(on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of a motion sensor."""
    return Motion(state="detected" if on else "clear", level=True, **said)


def presence(on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of a presence sensor."""
    return Presence(state="detected" if on else "clear", **said)


def contact(on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of a door: on is open."""
    return Contact(state="open" if on else "closed", level=True, **said)


def tamper(on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of a tamper switch."""
    return Tamper(state="active" if on else "clear", **said)


def panic(on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of a call for help."""
    return Panic(state="active" if on else "clear", level=True, **said)


def alarm(alarm_type: str, on: bool, said: dict[str, Any]) -> AnySignal:
    """A level of any other alarm."""
    return Alarm(alarm_type=alarm_type, state="active" if on else "clear", level=True, **said)


def press(action: str, said: dict[str, Any], button: int | None = None) -> AnySignal:
    """An event of a key: a panic when its own word says so."""
    if not PANIC_WORDS.isdisjoint(_WORD.findall(action.lower())):
        return Panic(subtype=action.lower()[:64], **said)
    return Button(action=action[:64], button=button, **said)


_Reader = Callable[[bool, dict[str, Any]], AnySignal]

LEVELS: dict[str, _Reader] = {
    "panic": panic,
    "fall": lambda on, said: Fall(state="active" if on else "clear", level=True, **said),
    "smoke": lambda on, said: alarm("smoke", on, said),
    "gas": lambda on, said: alarm("gas", on, said),
    "carbon_monoxide": lambda on, said: alarm("carbon_monoxide", on, said),
    "water_leak": lambda on, said: alarm("water_leak", on, said),
    "tamper": tamper,
    "vibration": lambda on, said: Tamper(state="active" if on else "clear", subtype="vibration", **said),
    "motion": motion,
    "presence": presence,
    "contact": contact,
    "moving": lambda on, said: Movement(state="moving" if on else "still", **said),
    "battery_low": lambda on, said: Battery(low=on, **said),
}
"""What a boolean can be a level of."""

_MEANINGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("battery", frozenset({"battery", "batt"})),
    ("rssi", frozenset({"rssi"})),
    ("tamper", frozenset({"tamper", "sabotage"})),
    ("panic", frozenset({"sos", "panic", "emergency", "help", "pull", "cord"})),
    ("fall", frozenset({"fall", "fallen"})),
    ("smoke", frozenset({"smoke", "fire"})),
    ("carbon_monoxide", frozenset({"co", "monoxide"})),
    ("gas", frozenset({"gas", "lpg", "methane"})),
    ("water_leak", frozenset({"leak", "flood", "moisture", "water"})),
    ("button", frozenset({"button", "key", "click", "action", "press"})),
    ("presence", frozenset({"presence", "radar", "mmwave", "bed", "chair", "seat", "sofa"})),
    ("motion", frozenset({"motion", "pir", "movement", "occupancy"})),
    ("contact", frozenset({"door", "window", "contact", "reed", "opening", "gate", "fridge"})),
    ("vibration", frozenset({"vibration"})),
)


_CHINESE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("battery", ("电量", "电池")),
    ("tamper", ("防拆", "拆除")),
    ("panic", ("呼救", "求救", "求助", "紧急", "呼叫", "报警按钮", "一键报警", "拉绳")),
    ("fall", ("跌倒", "摔倒")),
    ("smoke", ("烟雾", "烟感", "火警", "火灾")),
    ("carbon_monoxide", ("一氧化碳",)),
    ("gas", ("燃气", "天然气", "煤气", "可燃气")),
    ("water_leak", ("水浸", "漏水", "浸水")),
    ("button", ("按钮", "按键")),
    ("presence", ("存在", "雷达", "床垫", "在床")),
    ("motion", ("人体", "红外", "有人")),
    ("contact", ("门磁", "门窗", "大门", "房门", "前门", "后门", "入户门", "窗")),
    ("vibration", ("振动", "震动")),
)
"""The same in Chinese, which does not part its words."""

_OF_A_FIGURE = frozenset({"count", "counter", "delay", "duration", "sensitivity", "threshold", "timeout", "total"})
_CHINESE_FIGURES = ("灵敏度", "次数", "时长", "阈值")
"""A figure about it says nothing of it: 1 fall in all is no fall."""


def _words(written: str) -> set[str]:
    return set(_WORD.findall(written.lower()))


def meaning_of(name: str) -> str:
    """What a name is about, by its words; empty when none of them tells."""
    words = _words(name)
    if words & _OF_A_FIGURE or any(word in name for word in _CHINESE_FIGURES):
        return ""
    found = next((meaning for meaning, known in _MEANINGS if words & known), "")
    if found or name.isascii():
        return found
    return next((meaning for meaning, known in _CHINESE if any(word in name for word in known)), "")


def said_of(name: str, value: object, said: dict[str, Any]) -> list[AnySignal]:
    """What a value says by the name it has; nothing when the name or the value tells nothing."""
    meaning = meaning_of(name)
    if meaning == "button":
        return _pressed(value, said)
    on = is_on(value)
    figure = as_number(value)
    if meaning == "battery" and figure is not None and not isinstance(value, bool):
        percent = percent_of(figure)
        return [] if percent is None else [Battery(percent=percent, **said)]
    if meaning == "battery":
        return [] if on is None else [Battery(low=on, **said)]
    if meaning == "rssi":
        return [] if figure is None or not -200 < figure < 0 else [Link(rssi_dbm=figure, **said)]  # noqa: PLR2004
    if meaning == "panic" and on is None and isinstance(value, str) and says_pressed(value):
        return [Panic(subtype=value.strip().lower()[:64], **said)]
    if meaning == "fall" and on is None and isinstance(value, str):
        return _fall(value, said)
    return [] if on is None or meaning not in LEVELS else [LEVELS[meaning](on, said)]


def _fall(value: str, said: dict[str, Any]) -> list[AnySignal]:
    """A verdict in words; what only may be a fall says nothing yet."""
    words = _words(value)
    if words & {"normal", "idle"} or words == {"no", "fall"}:
        return [Fall(state="clear", level=True, **said)]
    certain = bool(words & {"fall", "fallen", "falling", "alarm"}) and not words & {"maybe", "possible", "no", "not"}
    return [Fall(level=True, **said)] if certain else []


_PRESSED = frozenset({"press", "single", "double", "triple", "short", "long", "hold", "click", "push", "tap"})
_RELEASED = frozenset({"release", "released"})


def says_pressed(word: str) -> bool:
    """Whether an event's word is a press; the end of one is no second press."""
    words = _words(word)
    return not words.isdisjoint(_PRESSED) and words.isdisjoint(_RELEASED)


_CALM = re.compile(rb"-?\d+(?:\.\d+)?|off|false|offline|online|closed?|clear|unavailable|none|nan|", re.IGNORECASE)
_LONGEST_CALM = 24


def is_calm(payload: bytes, *, figures_from: int = 1) -> bool:
    """Whether a payload plainly says off, or a figure that is no ``1``; a figure of at least so many characters."""
    word = payload.strip() if len(payload) <= _LONGEST_CALM else b"?"
    if word == b"1" or _CALM.fullmatch(word) is None:
        return False
    return len(word) >= figures_from or not word[-1:].isdigit() or word == b"0"


def as_number(value: object) -> float | None:
    """A number, also one written as text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if abs(value) < 1e12 else None  # noqa: PLR2004
    return float(value) if isinstance(value, str) and _NUMBER.match(value.strip()) else None


def _pressed(value: object, said: dict[str, Any]) -> list[AnySignal]:
    """A key as a level is pressed when it is on; as an event its word is the action."""
    on = is_on(value)
    if on is None:
        word = value.strip().strip('"') if isinstance(value, str) else ""
        return [press(word, said)] if word and as_number(word) is None else []
    return [Button(action="press", **said)] if on else []
