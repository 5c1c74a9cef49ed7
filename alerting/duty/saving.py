"""Commands that put other times of the work on an incident, or other terms, in force."""

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


class SaveTerms(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_terms"):
    """These terms of a group are in force from now on; out of bounds they are refused with reasons.

    Attributes:
        group: Which, by its name in ``alerting.term_groups``.
        numbers: All of the group, by the name of their line.
        as_set: Those of the settings file are in force again; ``numbers`` is empty.
        based_on: Number of the edition of the group that was looked at; 0: none was saved.
        note: Why.
    """

    group: str
    numbers: dict[str, float] = msgspec.field(default_factory=dict)
    as_set: bool = False
    based_on: int = 0
    note: str = ""
