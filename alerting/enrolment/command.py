"""What every command of the registry has."""

from __future__ import annotations

from alerting.asked import Command

REGISTRY = "@registry"
"""Key of the one aggregate that is the registry."""


class RegistryCommand(Command, frozen=True, kw_only=True, omit_defaults=True):
    """Something asked of the registry. ``note`` says why; it stays in the history."""

    key: str = REGISTRY
    note: str = ""


class PeerCommand(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True):
    """About another system, by somebody who answers for the area ``within``; empty: the whole city."""

    within: str = ""
