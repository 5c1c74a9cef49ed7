"""What an advert is, and what a codec of adverts makes of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from device_adapters.signals import AnySignal


class Advert(msgspec.Struct, frozen=True, kw_only=True):
    """The service part of one Bluetooth advert.

    Attributes:
        uuid: 16-bit service UUID.
        service: Service data after the UUID.
        name: Local name, where the gateway tells it.
        address: Bluetooth address as it is written, 6 bytes; empty when not known.
        key: Bind key of an encrypting device, 16 bytes; empty when not provisioned.
    """

    uuid: int
    service: bytes
    name: str = ""
    address: bytes = b""
    key: bytes = b""


class Said(msgspec.Struct, frozen=True):
    """What an advert says: signals without identity, and the number that all copies of one event share."""

    signals: list[AnySignal]
    packet: str = ""
    locked: bool = False
    """Encrypted, and the key is not known or does not fit."""


class AdvertCodec(msgspec.Struct, frozen=True, kw_only=True):
    """How one make writes its adverts.

    Attributes:
        vendor: Maker or format.
        models: Model names, for the table of supported devices.
        claims: Whether an advert is of this make. UUIDs alone do not tell: some are used by many.
        read: Pure; raises ``Rejected`` for what is cut off.
        says: Kinds of signal.
        urgent: An advert can be a press.
    """

    vendor: str
    models: str
    claims: Callable[[Advert], bool]
    read: Callable[[Advert], Said]
    says: tuple[str, ...]
    urgent: bool = False
