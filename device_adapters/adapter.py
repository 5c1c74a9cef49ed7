"""What an adapter is: a name, the topics it wants, and a pure decode."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from device_adapters.signals import AnySignal, Button, Panic


class Rejected(Exception):  # noqa: N818 - a verdict on the input, not a failure of ours
    """The input cannot be understood; the message says why in one line, for people."""


class Message(msgspec.Struct, frozen=True):
    """One MQTT message as it arrived."""

    topic: str
    payload: bytes
    arrived_at: datetime
    retained: bool = False
    qos: int = 1


class DeviceHint(msgspec.Struct, frozen=True, kw_only=True):
    """What provisioning knows of a device and the payload may not say.

    ``key`` is the bind key of a device that encrypts its adverts, in hexadecimal.
    """

    vendor: str = ""
    model: str = ""
    role: str = ""
    key: str = ""


class Known(msgspec.Struct, frozen=True):
    """What the registry knows about one bridge: its devices by inner id, its ids by friendly name."""

    devices: Mapping[str, DeviceHint] = {}
    names: Mapping[str, str] = {}


NOTHING_KNOWN = Known()

Decode = Callable[[Message, str, Known], list[AnySignal]]
"""(message, topic prefix of the bridge, what is known) -> signals; raises Rejected."""


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """One make of bridge.

    Attributes:
        name: Word used in the registry and on the screens.
        title: What people call it.
        default_prefix: Topic prefix of a bridge of this make as it leaves the factory.
        decode: Pure; never raises anything but ``Rejected``.
        urgent: Cheap look at (topic, payload): can this be a call for help? True when in doubt.
        receipts: The device repeats an event until the gateway's receipt (our own protocol).
        direct: A network server: its devices are heard by it, not through a hub of their home.
    """

    name: str
    title: str
    default_prefix: str
    decode: Decode
    urgent: Callable[[str, bytes], bool]
    receipts: bool = False
    direct: bool = False


WELL = "well"
"""Action of the declared "I am well" key of our own protocol: an answer, never a call for help."""

CALLERS = frozenset({"panic", "pendant"})
"""Roles by which the resident calls: a key of theirs has no other purpose."""

_SAYS_SO = re.compile(r"sos|panic|emergency", re.IGNORECASE)


def with_role(signals: list[AnySignal], known: Known) -> list[AnySignal]:
    """Every press of a button that provisioning made a panic button or a portable alarm is a panic.

    So is every press of a model whose own name says SOS, panic or emergency. The key for "I am well" stays what it is.
    """
    for at, signal in enumerate(signals):
        if isinstance(signal, Button) and signal.action != WELL and _is_panic_button(signal, known):
            signals[at] = _as_panic(signal)
    return signals


def _is_panic_button(signal: Button, known: Known) -> bool:
    hint = known.devices.get(signal.device)
    return hint is not None and (hint.role in CALLERS or _SAYS_SO.search(hint.model) is not None)


def _as_panic(press: Button) -> Panic:
    common = {name: getattr(press, name) for name in Panic.__struct_fields__ if hasattr(press, name)}
    return Panic(**common, subtype=press.action)
