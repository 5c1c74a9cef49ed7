"""All adapters, and the one door through which a message becomes signals."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from device_adapters import own_protocol
from device_adapters.adapter import Adapter, Known, Message, Rejected, with_role
from device_adapters.bridges import aqara, ble_gateway, esphome, home_assistant, homie, shelly, tasmota, zigbee2mqtt
from device_adapters.bridges.declared_json import NotADeclarationError, adapter_of
from device_adapters.network_servers import chirpstack, the_things_stack
from device_adapters.signals import AnySignal
from device_adapters.values import is_plausible

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        own_protocol.ADAPTER,
        zigbee2mqtt.ADAPTER,
        chirpstack.ADAPTER,
        the_things_stack.ADAPTER,
        ble_gateway.ADAPTER,
        shelly.ADAPTER,
        tasmota.ADAPTER,
        aqara.ADAPTER,
        home_assistant.ADAPTER,
        homie.ADAPTER,
        esphome.ADAPTER,
    )
}

_OURS = frozenset(ADAPTERS)

MAX_PAYLOAD_BYTES = 65_536
MAX_INVENTORY_BYTES = 1_048_576
"""A hub's list of its devices may be longer than what any device says."""

MAX_DEPTH = 32
_MAX_REASON = 200

_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SQUARE = bytes.maketrans(b"{}", b"[]")
_VALID = msgspec.json.Decoder(msgspec.Raw)
_KEY = b"_code"
_SECRET = re.compile(rb'_code(?:(?<=action_code)|(?<=pin_code))(\\*+"\s*+:\s*+)(?:(\\*+")[^"\\]*+|[^"\\,}\]]*+)')
"""Begins with what the engine can look for at once, and never looks twice at a byte."""
_COMMAND = b"0501!00"
"""Tasmota hands a keypad's arming on by the number of its command, with the code in hexadecimal."""
_SENT = re.compile(rb'(0501!00[^"\\]{0,8}+\\*+"\s*+:\s*+\\*+")[^"\\]*+')
_ESCAPE = b"u00"
_ESCAPED = re.compile(rb"(?<!\\)\\++u00(?!22|5[cC])([2-7][0-9a-fA-F])")
"""A letter that JSON would not have to escape, at any depth of texts within texts; not a quote, not a backslash."""
_MOST_KEYS = 400
"""A keypad with as many users as it takes, told as a list, has fewer codes in it."""
_CALL_WORDS = re.compile(rb"emergency|sos|panic|alarm|fall|smoke|medical", re.IGNORECASE)


def adopt(declarations: Iterable[object]) -> None:
    """Take in makes that are declared and not programmed; a make of the same name is read anew.

    Raises:
        NotADeclarationError: One that makes no adapter, or takes the name or the prefix of a make of ours.
    """
    for declared in declarations:
        adapter = adapter_of(declared)
        taken = {other.default_prefix for name, other in ADAPTERS.items() if name != adapter.name}
        if adapter.name in _OURS or adapter.default_prefix in taken:
            raise NotADeclarationError(f"{adapter.name}: the name or the prefix belongs to another make")
        ADAPTERS[adapter.name] = adapter


def adapter_for_topic(topic: str) -> tuple[Adapter, str] | None:
    """The adapter whose factory prefix the topic begins with, and the prefix of the bridge that would own it.

    For bridges that nobody registered; a registered one is found by its own prefix. In our own protocol the bridge's
    name is part of the prefix (``nuanhu/1/<bridge>``).
    """
    for adapter in ADAPTERS.values():
        prefix = adapter.default_prefix
        if not topic.startswith(prefix + "/"):
            continue
        if not adapter.receipts:
            return adapter, prefix
        bridge, slash, _ = topic[len(prefix) + 1 :].partition("/")
        if bridge and slash:
            return adapter, f"{prefix}/{bridge}"
    return None


def decode(message: Message, adapter: Adapter, prefix: str, known: Known) -> list[AnySignal]:
    """What one message says: the one function through which the gateway reads devices.

    Args:
        message: As it arrived.
        adapter: Make of the bridge that owns ``prefix``.
        prefix: Topic prefix of the bridge.
        known: What the registry knows of the bridge's devices.

    Returns:
        Signals with ``arrived_at`` and ``retained`` set, ``bridge`` empty, presses of panic buttons turned into
        panics. Empty for messages that are not meant for us.

    Raises:
        Rejected: With a reason of one line that quotes no value of the payload. Nothing else is ever raised.
    """
    try:
        _check(message, prefix)
        signals = with_role(adapter.decode(message, prefix, known), known)
        for at, signal in enumerate(signals):
            if not _is_stamped(signal, message):
                signals[at] = _stamped(signal, message)
    except Rejected as reason:
        raise Rejected(_one_line(str(reason))) from None
    except Exception as error:  # noqa: BLE001 - one odd message must never stop the next
        raise Rejected(f"{adapter.name} cannot read it ({type(error).__name__})") from None
    return signals


def can_be_urgent(topic: str, payload: bytes, adapter: Adapter | None) -> bool:
    """Whether a message can be a call for help and so must overtake: a cheap look, True when in doubt.

    Without an adapter the topic's factory prefix decides, and for strange topics the words in the payload.
    """
    if adapter is None:
        found = adapter_for_topic(topic)
        if found is None:
            return _CALL_WORDS.search(payload[:MAX_PAYLOAD_BYTES]) is not None
        adapter = found[0]
    return adapter.urgent(topic, payload)


def without_secrets(topic: str, payload: bytes) -> bytes:
    """The payload as it may be kept: a keypad's code (somebody's PIN) is taken out, wherever a hub repeats it.

    Of a payload that has more codes in it than any keypad has users, the rest is left out.
    """
    if topic.endswith(("/action_code", "/pin_code", "/LOGGING")):  # the last is a firmware's whole log
        return b""
    if _ESCAPE in payload:  # no hub needs to write a key so, and none is to hide behind it
        plain = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), payload)
        payload = plain if _KEY in plain or _COMMAND in plain else payload
    if _COMMAND in payload:
        payload = _SENT.sub(rb"\1-", payload)
    if _KEY not in payload:
        return payload
    pieces = _SECRET.split(payload if payload.count(_KEY) <= _MOST_KEYS else payload[: _end_of_keys(payload)])
    for at in range(1, len(pieces), 3):  # what stands between key and value, and the value's quote
        quote = pieces[at + 1]
        pieces[at] = _KEY + pieces[at]
        pieces[at + 1] = b"null" if quote is None else quote + b"-"
    return b"".join(pieces)


def _end_of_keys(payload: bytes) -> int:
    """Where the first key begins that is one too many."""
    at = -1
    for _ in range(_MOST_KEYS + 1):
        at = payload.find(_KEY, at + 1)
    return at


def _check(message: Message, prefix: str) -> None:
    size = len(message.payload)
    if size > MAX_PAYLOAD_BYTES and not (size <= MAX_INVENTORY_BYTES and message.topic == f"{prefix}/bridge/devices"):
        raise Rejected(f"larger than {MAX_PAYLOAD_BYTES:,} bytes")
    if not message.topic.startswith(prefix) or message.topic[len(prefix) : len(prefix) + 1] != "/":
        raise Rejected("topic is not below the bridge's prefix")
    if not message.payload.isascii():
        try:
            message.payload.decode()
        except UnicodeDecodeError:
            raise Rejected("not UTF-8") from None
    if message.payload.count(b"{") + message.payload.count(b"[") > MAX_DEPTH:
        _check_depth(message.payload)


def _check_depth(payload: bytes) -> None:
    """Refuse what is nested too deep, at the speed of copying bytes: nobody's brackets may cost us time.

    What is no JSON is left to the adapter, which finds that out before it goes deep. In valid JSON every quote that is
    not escaped begins or ends a text, so that what stands outside of texts is every other part.
    """
    try:
        _VALID.decode(payload)
    except RecursionError:
        raise Rejected(f"nested deeper than {MAX_DEPTH} levels") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    outside = b"".join(payload.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    brackets = outside.translate(_SQUARE, _NO_BRACKETS)
    for _ in range(MAX_DEPTH):  # each time the innermost pairs go, which is one level
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise Rejected(f"nested deeper than {MAX_DEPTH} levels")


def _is_stamped(signal: AnySignal, message: Message) -> bool:
    if signal.arrived_at is not message.arrived_at or signal.retained != message.retained:
        return False
    return signal.device_time is None or is_plausible(signal.device_time, message.arrived_at)


def _stamped(signal: AnySignal, message: Message) -> AnySignal:
    """With the common fields, and without a device time that cannot be one."""
    at = signal.device_time
    plausible = at if at is not None and is_plausible(at, message.arrived_at) else None
    return replace(signal, arrived_at=message.arrived_at, retained=message.retained, device_time=plausible)


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:_MAX_REASON]
