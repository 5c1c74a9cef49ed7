"""Keys that come from outside, in a length that every store can index: PostgreSQL's indexes take 2,700 bytes a row."""

from __future__ import annotations

from hashlib import blake2b

LONGEST = 200
_KEPT = 160


def bounded(key: str) -> str:
    """The key itself, or the beginning of a long one and what tells it from every other with that beginning."""
    if len(key) <= LONGEST:
        return key
    return f"{key[:_KEPT]}~{blake2b(key.encode(), digest_size=16).hexdigest()}"
