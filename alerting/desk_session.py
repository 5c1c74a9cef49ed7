"""The desk: whose consoles are here, and which shifts wait to be handed over.

``step(state, event, now, policy) -> (state, decisions)``. There is one, under the key ``DESK``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from alerting import flood_mode
from alerting.commands import DESK, Accept, AcceptShift, AnyCommand, Decline, DeclineShift, EndShift, HandOver, TakeBack
from alerting.decisions import Answered, AnyDecision, HolderTold, PassedOn, Wake
from alerting.events import (
    AnyEvent,
    CallLogged,
    Commanded,
    ConsolesHeard,
    HolderCame,
    HolderGone,
    IncidentBegan,
    PageTold,
    PageTried,
    SaidByCalled,
    TimePassed,
)
from alerting.flood_mode import Inflow
from alerting.policy import Policy
from alerting.silence.inactivity import moment

ABOUT_PAGES = PageTried | PageTold | SaidByCalled | CallLogged
"""What became of a page that called further operators: the journal has it."""


class Transfer(msgspec.Struct, frozen=True, array_like=True):
    """The list of a shift, offered to another operator (login) until then; ``theirs`` holds (key, incident)."""

    to: str
    until: datetime
    theirs: tuple[tuple[str, str], ...]


class DeskState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hot state of the desk.

    Attributes:
        key: ``DESK``.
        here: Logins whose console reports itself.
        shifts: Lists that wait to be accepted, by the login of who leaves.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
        attended: Logins who attend their console: it reports its audio running and its queue shown.
        inflow: New incidents lately, and flood mode.
    """

    key: str = DESK
    here: tuple[str, ...] = ()
    shifts: dict[str, Transfer] = {}
    armed_s: int = 0
    attended: tuple[str, ...] = ()
    inflow: Inflow = Inflow()


Judged = tuple[DeskState, list[AnyDecision]]


def step(state: DeskState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to the desk. Arguments and result as for a household."""
    if isinstance(event, ConsolesHeard):
        after, decisions = _heard(state, event)
    elif isinstance(event, Commanded):
        after, decisions = _commanded(state, event, now, policy)
    elif isinstance(event, TimePassed):
        waiting = {login: shift for login, shift in state.shifts.items() if shift.until > now}
        after, decisions = msgspec.structs.replace(state, shifts=waiting, armed_s=0), []
    elif isinstance(event, IncidentBegan | ABOUT_PAGES):
        after, decisions = state, []
    else:
        raise TypeError(f"the desk cannot judge {type(event).__name__}")
    began = isinstance(event, IncidentBegan)
    inflow, flooded = flood_mode.looked(after.inflow, int(began), len(after.attended), now, policy)
    after, decisions = msgspec.structs.replace(after, inflow=inflow), [*decisions, *flooded]
    due = [math.ceil(shift.until.timestamp()) for shift in after.shifts.values()]
    due_s = min((at_s for at_s in (*due, flood_mode.due_s(inflow, policy)) if at_s), default=0)
    if due_s and (after.armed_s == 0 or due_s < after.armed_s):
        due_s = max(due_s, int(now.timestamp()) + 1)
        after = msgspec.structs.replace(after, armed_s=due_s)
        decisions = [*decisions, Wake(at=moment(due_s))]
    return after, decisions


def _heard(state: DeskState, event: ConsolesHeard) -> Judged:
    """Each login that came or went is told to what it has."""
    gone = [login for login, _ in event.gone]
    stayed = () if event.restarted else (login for login in state.here if login not in gone)
    here = tuple(sorted({*stayed, *event.came}))
    decisions: list[AnyDecision] = [
        HolderTold(event=HolderGone(login=login, since=since, restarted=event.restarted)) for login, since in event.gone
    ]
    decisions += [HolderTold(event=HolderCame(login=login)) for login in event.came]
    attended = state.attended if event.attended is None else event.attended
    attended = () if event.restarted else tuple(login for login in attended if login in here)
    return msgspec.structs.replace(state, here=here, attended=attended), decisions


def _commanded(state: DeskState, event: Commanded, now: datetime, policy: Policy) -> Judged:
    command = event.command
    if isinstance(command, EndShift):
        word = "unknown_operator" if command.to in {"", command.by} else "" if event.theirs else "nothing_to_hand_over"
        if word:
            return state, [Answered(refused=word)]
        until = now + timedelta(seconds=policy.values.shift_offer_s)
        shifts = {**state.shifts, command.by: Transfer(command.to, until, event.theirs)}
        offers = [
            HandOver(key=key, incident=incident, by=command.by, to=command.to, shift=True)
            for key, incident in event.theirs
        ]
        return msgspec.structs.replace(state, shifts=shifts), _all(offers)
    if isinstance(command, AcceptShift | DeclineShift):
        shift = state.shifts.get(command.of)
        withdrawn = isinstance(command, DeclineShift) and command.by == command.of
        if shift is None or not (withdrawn or command.by == shift.to):
            return state, [Answered(refused="not_offered")]
        kind = Accept if isinstance(command, AcceptShift) else TakeBack if withdrawn else Decline
        rest = {login: other for login, other in state.shifts.items() if login != command.of}
        answers = [kind(key=key, incident=incident, by=command.by) for key, incident in shift.theirs]
        return msgspec.structs.replace(state, shifts=rest), _all(answers)
    return state, [Answered(incident=command.incident, refused="no_incident")]


def _all(commands: Sequence[AnyCommand]) -> list[AnyDecision]:
    return [*(PassedOn(command=command) for command in commands), Answered()]
