"""The table of values: how long an incident may stand still in each state, by priority, with bounds and who decides.

The times of the climb are in ``alerting.policy``; these are the ones of the work on an incident.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alerting.casefile import Role
from alerting.model import IncidentState, Priority

MINUTE = 60
HOUR = 3600
NEVER = 0
"""No limit of this kind."""

CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED = (
    IncidentState.CLAIMED,
    IncidentState.VERIFYING,
    IncidentState.DISPATCHED,
    IncidentState.ON_SCENE,
    IncidentState.RESOLVED,
)
P1, P2, P3, P4 = Priority

Table = dict[IncidentState, dict[Priority, int]]


def _row(p1: int, p2: int, p3: int, p4: int) -> dict[Priority, int]:
    return {P1: p1, P2: p2, P3: p3, P4: p4}


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """Times of the work on an incident, all in seconds; 0 is no limit.

    Attributes:
        console_gone_s: A claim ends when its holder's console has been gone for so long.
        step_s: By state and priority: a claim ends when its holder has recorded no step for so long.
        no_console_s: By priority: the same for a holder without a console that reports itself, where it is shorter.
        responder_accepts_s: By priority: from asking somebody to go to their word that they do; then it rings again.
        offer_delivered_s: By priority: from handing a job to a grid platform to its having the offer; then it rings.
        on_scene_s: By priority: from sending somebody to their being there; then it rings again.
        hold_s: By priority: the longest hold.
        offer_s: By priority: how long an offer waits to be accepted.
        shift_offer_s: How long the list of a whole shift waits to be accepted.
        second_person_s: How long a second person has to agree to a closing, or not.
        reopen_s: So long after closing an incident can be taken up again as the same one.
        under_way_s: By priority: so long before somebody must be there, somebody must be on the way, or have said when
            they will be there; else it rings. 0: what is expected of whoever was sent rings nobody.
        job_silent_s: Whoever said that they go is heard of within so long, or it rings.
        job_eta_over_s: Where they have said when they will be there: so long after that.
        job_welfare_s: Whoever is at the door or inside is heard of within so long, or it is asked if they are well.
        safe_s: Once whoever is there has said that the person is safe, and nobody at the desk has the incident, nobody
            else is called for so long; it goes on ringing at the consoles.
        handed_over_s: The same once they have handed the resident over to 120 or to the family.
        job_called_s: Whoever was sent and has not answered the message within so long is called as well. 0: nobody is.
        page_is_job: A responder who accepts a page has a job of it, as if the desk had sent them.
    """

    console_gone_s: int = 30
    step_s: Table = msgspec.field(
        default_factory=lambda: {
            CLAIMED: _row(90, NEVER, NEVER, NEVER),
            VERIFYING: _row(90, NEVER, NEVER, NEVER),
            DISPATCHED: _row(10 * MINUTE, NEVER, NEVER, NEVER),
            ON_SCENE: _row(10 * MINUTE, NEVER, NEVER, NEVER),
            RESOLVED: _row(30 * MINUTE, NEVER, NEVER, NEVER),
        }
    )
    no_console_s: dict[Priority, int] = msgspec.field(
        default_factory=lambda: _row(5 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
    )
    responder_accepts_s: dict[Priority, int] = msgspec.field(
        default_factory=lambda: _row(2 * MINUTE, 2 * MINUTE, 10 * MINUTE, NEVER)
    )
    offer_delivered_s: dict[Priority, int] = msgspec.field(default_factory=lambda: _row(20, 20, 45, NEVER))
    on_scene_s: dict[Priority, int] = msgspec.field(
        default_factory=lambda: _row(45 * MINUTE, 45 * MINUTE, 2 * HOUR, NEVER)
    )
    hold_s: dict[Priority, int] = msgspec.field(default_factory=lambda: _row(15 * MINUTE, HOUR, 12 * HOUR, 72 * HOUR))
    offer_s: dict[Priority, int] = msgspec.field(
        default_factory=lambda: _row(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE)
    )
    shift_offer_s: int = 5 * MINUTE
    second_person_s: int = 10 * MINUTE
    reopen_s: int = 30 * MINUTE
    under_way_s: dict[Priority, int] = msgspec.field(default_factory=dict)
    job_silent_s: int = NEVER
    job_eta_over_s: int = NEVER
    job_welfare_s: int = NEVER
    safe_s: int = NEVER
    handed_over_s: int = NEVER
    job_called_s: int = NEVER
    page_is_job: bool = False


def usual() -> Values:
    """The times as they are without settings of one's own.

    What came later is not the default of ``Values``: settings that were saved before it are without it, and what was
    decided by them is decided so again.
    """
    return Values(
        under_way_s=_row(18 * MINUTE, 18 * MINUTE, 48 * MINUTE, NEVER),
        job_silent_s=20 * MINUTE,
        job_eta_over_s=10 * MINUTE,
        job_welfare_s=20 * MINUTE,
        safe_s=12 * HOUR,
        handed_over_s=12 * HOUR,
        job_called_s=30,
        page_is_job=True,
    )


class Value(msgspec.Struct, frozen=True):
    """One line of the table.

    Attributes:
        setting: Name in the settings; empty where it is fixed.
        field: Field of ``Values``.
        priority: For which priority; None for all alike.
        states: In which states it counts; empty for all.
        least_s: Lower bound, seconds.
        most_s: Upper bound, seconds.
        by: Who may change it.
    """

    setting: str
    field: str
    priority: Priority | None
    states: tuple[IncidentState, ...]
    least_s: int
    most_s: int
    by: Role = Role.ADMINISTRATOR

    def of(self, values: Values) -> int:
        """Its present value, seconds."""
        held = getattr(values, self.field)
        if self.field == "step_s":
            held = held[self.states[0]]
        seconds: int = held if self.priority is None else held[self.priority]
        return seconds

    def put(self, values: Values, seconds: int) -> Values:
        """The values with this one changed.

        Raises:
            ValueError: Out of bounds.
        """
        if not self.least_s <= seconds <= self.most_s:
            raise ValueError(f"{self.setting} must be between {self.least_s} and {self.most_s} s")
        if self.priority is None:
            return msgspec.structs.replace(values, **{self.field: seconds})
        held = getattr(values, self.field)
        if self.field == "step_s":
            changed: object = {
                state: {**row, self.priority: seconds} if state in self.states else row for state, row in held.items()
            }
        else:
            changed = {**held, self.priority: seconds}
        return msgspec.structs.replace(values, **{self.field: changed})


def _each(
    name: str, field: str, states: tuple[IncidentState, ...], bounds: dict[Priority, tuple[int, int]]
) -> list[Value]:
    return [Value(f"{p.name.lower()}_{name}", field, p, states, *limits) for p, limits in bounds.items()]


SENT = (DISPATCHED,)
AT_WORK = (CLAIMED, VERIFYING)
TAKEN = (CLAIMED, VERIFYING, DISPATCHED, ON_SCENE, RESOLVED)

TABLE: tuple[Value, ...] = (
    Value("console_gone_s", "console_gone_s", None, TAKEN, 10, 120),
    *_each("step_s", "step_s", AT_WORK, {P1: (30, 300)}),
    *_each("sent_step_s", "step_s", (DISPATCHED, ON_SCENE), {P1: (90, 1800)}),
    *_each("resolved_step_s", "step_s", (RESOLVED,), {P1: (300, 4 * HOUR)}),
    *_each(
        "no_console_s",
        "no_console_s",
        TAKEN,
        {P1: (30, HOUR), P2: (60, HOUR), P3: (60, 4 * HOUR), P4: (60, 24 * HOUR)},
    ),
    *_each("responder_accepts_s", "responder_accepts_s", SENT, {P1: (30, 600), P2: (30, 900), P3: (60, HOUR)}),
    Value("job_called_s", "job_called_s", None, SENT, 10, 120),
    *_each("offer_delivered_s", "offer_delivered_s", SENT, {P1: (5, 29), P2: (5, 29), P3: (5, 59)}),
    *_each("on_scene_s", "on_scene_s", SENT, {P1: (300, 4 * HOUR), P2: (300, 4 * HOUR), P3: (300, 24 * HOUR)}),
    *_each("under_way_s", "under_way_s", SENT, {P1: (60, HOUR), P2: (60, HOUR), P3: (60, 12 * HOUR)}),
    Value("job_silent_s", "job_silent_s", None, (DISPATCHED, ON_SCENE), 300, 2 * HOUR),
    Value("job_eta_over_s", "job_eta_over_s", None, (DISPATCHED, ON_SCENE), 60, HOUR),
    Value("job_welfare_s", "job_welfare_s", None, (ON_SCENE, RESOLVED), 300, 2 * HOUR),
    Value("handed_over_s", "handed_over_s", None, (ON_SCENE, RESOLVED), HOUR, 24 * HOUR),
    Value("safe_s", "safe_s", None, (RESOLVED,), HOUR, 24 * HOUR),
    *_each(
        "hold_s",
        "hold_s",
        TAKEN,
        {P1: (300, HOUR), P2: (300, 4 * HOUR), P3: (300, 72 * HOUR), P4: (300, 14 * 24 * HOUR)},
    ),
    *_each("offer_s", "offer_s", TAKEN, {P1: (30, 300), P2: (30, 600), P3: (30, 1800), P4: (30, HOUR)}),
    Value("shift_offer_s", "shift_offer_s", None, TAKEN, 60, 1800),
    Value("second_person_s", "second_person_s", None, TAKEN, 120, HOUR),
    Value("reopen_s", "reopen_s", None, (IncidentState.CLOSED,), 0, 24 * HOUR),
)
"""Every value that may be changed. What an upper bound forbids is what would let an incident rest unseen."""


def changes_of(values: Values) -> dict[str, int]:
    """What of the table differs from the usual values, by name."""
    plain = usual()
    return {line.setting: line.of(values) for line in TABLE if line.of(values) != line.of(plain)}


def flaws(changes: Mapping[str, int]) -> list[str]:
    """What is wrong with changes: the word, a bar, and name and bounds; empty when nothing is."""
    by_name = {line.setting: line for line in TABLE}
    found = [f"unknown_value|{name}" for name in changes if name not in by_name]
    for name, seconds in changes.items():
        line = by_name.get(name)
        if line is not None and not line.least_s <= seconds <= line.most_s:
            found.append(f"out_of_bounds|{name}|{line.least_s}|{line.most_s}")
    return found


def with_changes(changes: Mapping[str, int]) -> Values:
    """The usual values with these changed, by their names in the table.

    Raises:
        ValueError: A name is unknown, or a value out of bounds.
    """
    by_name = {line.setting: line for line in TABLE}
    values = usual()
    for name, seconds in changes.items():
        if name not in by_name:
            raise ValueError(f"there is no value {name}; there are {', '.join(by_name)}")
        values = by_name[name].put(values, seconds)
    return values
