"""What all commands have in common."""

from __future__ import annotations

import msgspec

DESK = "@desk"
"""Key of the desk session."""


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do"):
    """Asked by an operator of the incident at one key.

    Attributes:
        key: Key of the household (or device without a home) that owns the incident; ``DESK`` for what is the desk's.
        incident: Incident id; empty for ``OpenManual`` and for what is the desk's.
        by: Login of who asks.
    """

    key: str
    incident: str = ""
    by: str = ""
