"""Where the gateway may push to: public addresses, and those networks that the deployer has named."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Networks = Sequence[IPv4Network | IPv6Network]


def networks_of(named: Sequence[str]) -> Networks:
    """Networks as the settings name them: ``10.20.0.0/16``. Raises ``ValueError``."""
    return tuple(ip_network(text) for text in named)


def may_reach(address: str, named: Networks) -> bool:
    """Whether something may be pushed to this address: a public one, or one of a network that was named."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    if any(mapped in network for network in named):
        return True
    return mapped.is_global and not mapped.is_multicast


def is_private_enough(url: str, named: Networks) -> bool:
    """Whether nobody on the way can read along: ``https``, or a plain address inside a network that was named."""
    place = urlsplit(url)
    if place.scheme == "https":
        return True
    try:
        found = ip_address(place.hostname or "")
    except ValueError:
        return False
    return any(found in network for network in named)
