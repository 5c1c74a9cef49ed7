"""A command that puts other times of the work on an incident in force."""

from __future__ import annotations

import msgspec

from alerting.asked import Command


class SaveValues(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_values"):
    """These values are in force from now on, also for incidents that run; out of bounds they are refused with reasons.

    Attributes:
        changes: All that differ from the usual ones, seconds by their name in the table; whatever was saved before is
            replaced.
        as_set: Those of the settings file are in force again; ``changes`` is empty.
        based_on: Number of the edition that was looked at; 0: none was saved.
        note: Why.
    """

    changes: dict[str, int] = msgspec.field(default_factory=dict)
    as_set: bool = False
    based_on: int = 0
    note: str = ""
