"""``nuanhu decode``: what the adapters make of a message, one JSON object a line in, one a line out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
from msgspec.structs import replace

from device_adapters.adapter import Adapter, DeviceHint, Known, Message, Rejected, with_role
from device_adapters.catalogue import ADAPTERS, adapter_for_topic, decode
from device_adapters.codecs import find_codec
from device_adapters.signals import AnySignal, Heartbeat, kind_of
from device_adapters.values import device_time
from gateway.clock import SystemClock

FAMILIES = {
    "zigbee2mqtt": "zigbee2mqtt",
    "chirpstack-v3": "chirpstack",
    "chirpstack-v4": "chirpstack",
    "tts-v3": "the-things-stack",
    "ble-advert": "ble",
    "tasmota": "tasmota",
    "shelly": "shelly",
    "aqara-lan": "aqara",
    "nuanhu": "nuanhu",
}
"""Families of payloads -> adapter; ``lorawan-codec`` is a frame alone and ``ble-advert`` an advert."""

_FLAGS = ("level", "periodic", "ongoing", "retained", "buffered", "echo")
"""Printed only when they are true; other fields are printed when they say anything, also false or zero."""


class _Device(msgspec.Struct):
    """What provisioning knows."""

    vendor: str = ""
    model: str = ""
    role: str = ""
    key: str = ""


class _Line(msgspec.Struct):
    """One line of input; ``input`` is there in the codec form alone."""

    topic: str | None = None
    payload: Any = msgspec.UNSET
    payload_hex: str | None = None
    received_at: str | None = None
    retained: bool = False
    device: _Device | None = None
    family: str | None = None
    vendor: str = ""
    model: str = ""
    input: dict[str, Any] | None = None


_LINE = msgspec.json.Decoder(_Line)
_ENCODER = msgspec.json.Encoder()


class _AnyDevice(Mapping[str, DeviceHint]):
    """Provisioning that knows the same of whatever device speaks."""

    def __init__(self, hint: DeviceHint) -> None:
        self._hint = hint

    def __getitem__(self, device: str) -> DeviceHint:
        return self._hint

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def run(stdin: TextIO, stdout: TextIO) -> int:
    """Answer every line of ``stdin`` with one line on ``stdout``.

    A line that cannot be decoded is answered ``{"signals": [], "rejected": reason}`` and never stops the next one.

    Args:
        stdin: One JSON object a line, a message or a frame; UTF-8, whatever the terminal's own encoding.
        stdout: Gets one JSON object a line, UTF-8.

    Returns:
        0: a rejection is an answer, not a failure.
    """
    clock = SystemClock()
    write = _writer(stdout)
    for line in _lines(stdin):
        try:
            answer: dict[str, Any] = {"signals": answer_line(line, clock.now())}
        except Rejected as reason:
            answer = {"signals": [], "rejected": str(reason)}
        except Exception as error:  # noqa: BLE001 - one odd line must never stop the next
            answer = {"signals": [], "rejected": f"cannot be read ({type(error).__name__})"}
        write(_ENCODER.encode(answer) + b"\n")
    return 0


def answer_line(line: bytes, now: datetime) -> list[dict[str, Any]]:
    """The printed signals of one line.

    Args:
        line: One JSON object.
        now: Stands for ``received_at`` where the line has none, aware UTC.

    Raises:
        Rejected: Why there are none.
    """
    try:
        asked = _LINE.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected(f"the line is not what decode reads: {error}") from None
    received_at = _received_at(asked.received_at)
    hint = asked.device or _Device(vendor=asked.vendor, model=asked.model)
    key = hint.key or str((asked.input or {}).get("bind_key", ""))
    known = Known(devices=_AnyDevice(DeviceHint(vendor=hint.vendor, model=hint.model, role=hint.role, key=key)))
    if asked.family == "lorawan-codec":
        signals = _frame(asked, hint, known, received_at or now)
    else:
        message, adapter, prefix = _message(asked, received_at or now)
        signals = decode(message, adapter, prefix, known)
    return [_printed(signal, received_at) for signal in signals]


def _received_at(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Rejected("received_at is not RFC 3339 with an offset")
    return moment.astimezone(UTC)


def _message(asked: _Line, arrived_at: datetime) -> tuple[Message, Adapter, str]:
    """The message of either form, with the adapter and prefix that read it."""
    given = asked.input or {}
    topic = given.get("topic", asked.topic)
    if asked.family == "ble-advert" and topic is None:
        given = {"topic": "ble/advert", "payload": given}
        topic = given["topic"]
    if asked.family is not None and asked.family not in FAMILIES:
        raise Rejected(f"no adapter for family {asked.family}")
    if not isinstance(topic, str):
        raise Rejected("no topic")
    found = adapter_for_topic(topic)
    if asked.family is not None:
        adapter = ADAPTERS[FAMILIES[asked.family]]
        prefix = found[1] if found is not None and found[0] is adapter else topic.partition("/")[0]
    elif found is not None:
        adapter, prefix = found
    else:
        raise Rejected("no adapter for this topic")
    message = Message(
        topic=topic,
        payload=_payload(asked, given),
        arrived_at=arrived_at,
        retained=asked.retained or given.get("retain") is True or given.get("retained") is True,
    )
    return message, adapter, prefix


def _payload(asked: _Line, given: dict[str, Any]) -> bytes:
    hexadecimal = given.get("payload_hex", asked.payload_hex)
    if hexadecimal is not None:
        return _from_hex(hexadecimal)
    payload = given.get("payload", asked.payload)
    if payload is msgspec.UNSET:
        raise Rejected("neither payload nor payload_hex")
    return payload.encode() if isinstance(payload, str) else _ENCODER.encode(payload)


def _from_hex(written: object) -> bytes:
    try:
        return bytes.fromhex(written) if isinstance(written, str) else b""
    except ValueError:
        raise Rejected("not hexadecimal") from None


def _frame(asked: _Line, hint: _Device, known: Known, arrived_at: datetime) -> list[AnySignal]:
    """A LoRaWAN frame alone: no device, no link, the time only of stored readings."""
    given = asked.input or {}
    vendor, model = asked.vendor or hint.vendor, asked.model or hint.model
    codec = find_codec(vendor, model)
    if codec is None:
        raise Rejected(f"no codec for {vendor} {model}".rstrip())
    f_port = given.get("f_port")
    signals = codec.decode(f_port if isinstance(f_port, int) else 0, _from_hex(given.get("data")))
    timed = [
        signal
        if signal.occurred_at is None
        else replace(signal, device_time=device_time(signal.occurred_at, arrived_at))
        for signal in signals
    ]
    return with_role(timed, known) or [Heartbeat()]


def _printed(signal: AnySignal, received_at: datetime | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": kind_of(signal)}
    for name in signal.__struct_fields__:
        value = getattr(signal, name)
        if value is None or value == "" or (name in _FLAGS and not value) or (name == "arrived_at" and not received_at):
            continue
        fields[name] = value
    if signal.buffered:
        fields["historical"] = True
    return fields


def _lines(stdin: TextIO) -> Iterable[bytes]:
    raw = getattr(stdin, "buffer", None)
    if raw is not None:
        return (line.strip() for line in raw)
    return (line.strip().encode("utf-8", "surrogatepass") for line in stdin)


def _writer(stdout: TextIO) -> Any:
    raw = getattr(stdout, "buffer", None)

    def write(line: bytes) -> None:
        if raw is None:
            stdout.write(line.decode())
        else:
            raw.write(line)
        stdout.flush()

    return write
