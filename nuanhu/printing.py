"""What a command prints for programs."""

from __future__ import annotations

import msgspec


def print_json(report: object) -> None:
    """The report as the last line of standard output."""
    print(msgspec.json.encode(report).decode(), flush=True)
