"""What is wrong with a device or bridge as it would be registered: a word, or nothing."""

from __future__ import annotations

import re

from alerting.casefile import Bridge, Device
from device_adapters.catalogue import ADAPTERS

HIGHEST_CM = 1000
LONGEST_TEXT = 200
MOST_AVOIDED = 12
CHECK_IN_S = (60, 40 * 86_400)

_EVERYWHERE = re.compile(r"(0x)?[0-9a-f]{16}|[0-9a-f]{12}|([0-9a-f]{2}:){5}[0-9a-f]{2}|\d{15}", re.IGNORECASE)
"""IEEE address or DevEUI, MAC with or without colons, IMEI: the maker gives each to one device alone."""

_WORD = re.compile(r"[a-z][a-z0-9_]{0,29}")
_BRIDGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_UNFIT_IN_TOPIC = re.compile(r"[\s\x00-\x1f\x7f+#*>%]")
_OWN_NAMES = frozenset({"gateway", "canary"})


def is_unique_everywhere(inner: str) -> bool:
    """Whether an inner id can be that of one device in the world only."""
    return _EVERYWHERE.fullmatch(inner) is not None


def device_flaw(device: Device) -> str:
    """The word for what is wrong with a device; empty when nothing is."""
    texts = (device.title, device.vendor, device.model, device.inner, device.id, *device.must_not_see)
    if any(len(text) > LONGEST_TEXT or not text.isprintable() for text in texts) or not device.inner:
        return "bad_text"
    if not _WORD.fullmatch(device.role) or (device.room and not _WORD.fullmatch(device.room)):
        return "bad_role"
    if not 0 <= device.mounted_cm <= HIGHEST_CM:
        return "bad_height"
    is_set = device.check_in_s != 0
    if (is_set and not CHECK_IN_S[0] <= device.check_in_s <= CHECK_IN_S[1]) or len(device.must_not_see) > MOST_AVOIDED:
        return "bad_value"
    return ""


def bridge_flaw(bridge: Bridge) -> str:
    """The word for what is wrong with a bridge by itself; empty when nothing is."""
    if not _BRIDGE_ID.fullmatch(bridge.id) or bridge.id in _OWN_NAMES:
        return "bad_name"
    if len(bridge.title) > LONGEST_TEXT or not bridge.title.isprintable():
        return "bad_text"
    if bridge.adapter not in ADAPTERS:
        return "no_adapter"
    prefix = bridge.prefix
    if (
        not prefix
        or len(prefix) > LONGEST_TEXT
        or prefix[0] == "$"
        or _UNFIT_IN_TOPIC.search(prefix)
        or "" in prefix.split("/")
    ):
        return "bad_prefix"
    return ""


def prefix_flaw(bridge: Bridge, others: list[Bridge]) -> str:
    """The word for a prefix that another bridge owns, or that lies above or below one; empty when it is free."""
    for other in others:
        if other.prefix == bridge.prefix:
            return "prefix_taken"
        longer, shorter = sorted((bridge.prefix, other.prefix), key=len, reverse=True)
        if longer.startswith(f"{shorter}/"):
            return "prefix_overlaps"
    return ""
