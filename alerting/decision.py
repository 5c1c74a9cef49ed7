"""What every decision of the rules is."""

from __future__ import annotations

import msgspec


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="decision"):
    """One thing to be made so."""
