"""What the label on a device says: LoRaWAN TR005, Zigbee install codes, IMEI, ICCID, serial numbers. Pure.

Sources: LoRa Alliance TR005 (``LW:D0:…``); Zigbee labels as makers print them (``Z:`` and ``I:`` in either order);
3GPP TS 23.003 (IMEI, Luhn); ITU-T E.118 (ICCID).
"""

from __future__ import annotations

import re

import msgspec

LONGEST = 500
EUI_DIGITS = 16
IMEI_DIGITS = 15

_TR005 = re.compile(r"LW:(D\d):([0-9A-F]{16}):([0-9A-F]{16}):([0-9A-F]{8})((?::[A-Z][^:]*)*)", re.IGNORECASE)
_TAGS = {"O": "owner_token", "S": "serial", "P": "proprietary", "C": "checksum"}
_ZIGBEE = re.compile(r"(?:^|[$%,; ])(Z|I):([0-9A-F]+)", re.IGNORECASE)
_HEX = re.compile(r"(?:0x)?((?:[0-9A-F]{2}[:-]){7}[0-9A-F]{2}|[0-9A-F]{16})", re.IGNORECASE)
_MAC = re.compile(r"(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}|[0-9A-F]{12}", re.IGNORECASE)
_NAMED = re.compile(r"(?:IMEI|ICCID|DEV ?EUI|EUI|IEEE|MAC|S/?N)[:： ]+\s*(\S+)", re.IGNORECASE)
_INSTALL_DIGITS = frozenset({16, 20, 28, 36})
"""6, 8, 12 or 16 bytes and two of checksum."""


class Label(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was read.

    Attributes:
        kind: ``lorawan``, ``zigbee``, ``eui64`` (either of the two), ``imei``, ``iccid``, ``mac``, ``serial`` or
            ``product`` (a product's code, which tells no device from another).
        id: The device's id, without separators; in small letters where it is hexadecimal.
        fields: Everything else that the label says, by name; empty ones are left out.
        flaw: ``checksum`` when the label contradicts itself.
    """

    kind: str
    id: str
    fields: dict[str, str] = {}
    flaw: str = ""


def read_label(text: str) -> Label | None:
    """What a code or a typed line says; None when it is nothing that is on labels."""
    text = text.strip()
    if not text or len(text) > LONGEST or not text.isprintable():
        return None
    lorawan = _TR005.fullmatch(text)
    if lorawan is not None:
        return _lorawan(lorawan)
    zigbee = {tag.upper(): value.lower() for tag, value in _ZIGBEE.findall(text)}
    if len(zigbee.get("Z", "")) == EUI_DIGITS:
        return _zigbee(zigbee["Z"], zigbee.get("I", ""))
    named = _NAMED.search(text)
    return _plain(named[1] if named is not None else text)


def _lorawan(found: re.Match[str]) -> Label:
    fields = {"schema": found[1].upper(), "join_eui": found[2].upper(), "dev_eui": found[3].upper()}
    fields["profile_id"] = found[4].upper()
    for part in found[5].split(":")[1:]:
        name = _TAGS.get(part[0].upper())
        if name is not None and part[1:]:
            fields[name] = part[1:]
    told = fields.get("checksum")
    flaw = "checksum" if told is not None and told.upper() != _tr005_checksum(found[0], told) else ""
    return Label(kind="lorawan", id=found[3].lower(), fields=fields, flaw=flaw)


def _tr005_checksum(text: str, told: str) -> str:
    """CRC-16/MODBUS of all that stands before the field of the checksum, in capitals as it is printed."""
    capitals = text.upper()
    crc = 0xFFFF
    for byte in capitals[: capitals.rindex(f":C{told.upper()}")].encode():
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return f"{crc:04X}"


def _zigbee(ieee: str, install_code: str) -> Label:
    fields = {"install_code": install_code} if install_code else {}
    flaw = "" if not install_code or _fits(install_code) else "checksum"
    return Label(kind="zigbee", id=ieee, fields=fields, flaw=flaw)


def _fits(install_code: str) -> bool:
    """Whether the two last bytes are the CRC-16/X-25 of the others, low byte first."""
    if len(install_code) not in _INSTALL_DIGITS:
        return False
    body, mark = bytes.fromhex(install_code[:-4]), bytes.fromhex(install_code[-4:])
    crc = 0xFFFF
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return (crc ^ 0xFFFF).to_bytes(2, "little") == mark


def _plain(text: str) -> Label | None:
    eui = _HEX.fullmatch(text)
    if eui is not None and not (text.isdecimal() and text.startswith("89")):
        return Label(kind="eui64", id=re.sub(r"[:-]", "", eui[1]).lower())
    if text.isascii() and text.isdecimal():
        return _digits(text)
    if _MAC.fullmatch(text) is not None:
        return Label(kind="mac", id=re.sub(r"[:-]", "", text).lower())
    return Label(kind="serial", id=text) if re.fullmatch(r"[\w.\-/]{3,64}", text) else None


def _digits(text: str) -> Label:
    if len(text) == IMEI_DIGITS:
        return Label(kind="imei", id=text, flaw="" if _luhn(text) else "checksum")
    if text.startswith("89") and len(text) in {19, 20}:
        return Label(kind="iccid", id=text)
    return Label(kind="product" if len(text) in {8, 12, 13, 14} else "serial", id=text)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004 - the sum of its two digits


def inner_id(label: Label, adapter: str) -> str:
    """What the device calls itself behind a bridge of this make."""
    if adapter == "zigbee2mqtt" and len(label.id) == EUI_DIGITS:
        return f"0x{label.id}"
    return label.id
