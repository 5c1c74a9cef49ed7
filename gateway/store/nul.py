"""PostgreSQL's text knows no NUL character; what devices say may hold one, and must not stop a commit."""

from __future__ import annotations

from typing import Any

from psycopg.types import string as texts

SHOWN = "\u2400"
"""The picture of NUL, which stands in its place in every text that is stored or looked for."""


class _WithoutNul:
    """Mixed into psycopg's dumpers of text."""

    def dump(self, text: str) -> Any:
        return super().dump(text.replace("\0", SHOWN) if "\0" in text else text)  # type: ignore[misc]


_DUMPERS = [
    type(base.__name__, (_WithoutNul, base), {})
    for base in (
        texts.StrBinaryDumperVarchar,
        texts.StrBinaryDumper,
        texts.StrDumperVarchar,
        texts.StrDumper,
        texts.StrDumperUnknown,  # the last one is what psycopg takes when nothing is said
    )
]


def keep_nul_out(connection: Any) -> None:
    """From now on every text this psycopg connection sends is without NUL."""
    for dumper in _DUMPERS:
        connection.adapters.register_dumper(str, dumper)
