"""The script of an incident as its panel shows it: what comes next, what was done, what is to be borne in mind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from alerting.casefile import Household, Responder
from alerting.incidents.script import (
    EMERGENCY,
    Do,
    Occasion,
    Script,
    Stand,
    Standing,
    people,
    script_for,
    text_of,
    walk,
)
from alerting.model import Aggregate, AlarmKind, Entry, IncidentState
from dashboard.path_part import cannot_go
from dashboard.speech import Speech
from gateway.desk.contract import IncidentView


class Person(msgspec.Struct, frozen=True):
    """Somebody to call: name as calls record it, number, and whether it is the resident."""

    name: str
    number: str
    is_resident: bool = False


class ScriptStep(msgspec.Struct, frozen=True):
    """One step as it is shown. ``do`` is its kind, ``stand`` where it stands."""

    id: str
    do: str
    stand: str
    text: str
    tried: int = 0
    done_at: datetime | None = None
    due: datetime | None = None
    who: str = ""
    people: tuple[Person, ...] = ()
    responder: str = ""


class ScriptPart(msgspec.Struct, frozen=True):
    """A script as it is shown. ``next`` is the step to be done now, None when none is left.

    ``number`` is that of its edition, 0: the standard ones; ``is_draft``: of none, it is only tried. ``others`` are
    (id, title) of those that could be followed instead.
    """

    title: str
    steps: tuple[ScriptStep, ...]
    number: int = 0
    others: tuple[tuple[str, str], ...] = ()
    is_draft: bool = False

    @property
    def next(self) -> ScriptStep | None:
        """The step to be done now."""
        return next((step for step in self.steps if step.stand == Stand.NOW), None)


NOT_CHOSEN = frozenset({Occasion.FAULT, Occasion.UNREGISTERED})
"""What nobody follows by hand in a home."""


def _is_about_us(view: IncidentView) -> bool:
    return any(alarm.kind is AlarmKind.AUDIT for alarm in view.incident.alarms)


def can_ask(view: IncidentView) -> bool:
    """Whether the home has a device that asks aloud whether all is well."""
    return view.home is not None and any(item.device.role == "hub" for item in view.home.devices)


def script_part(view: IncidentView, say: Speech, names: Mapping[str, str]) -> ScriptPart | None:
    """The script of an incident; None where none is written for its kind, and for one that is closed.

    Args:
        view: The incident.
        say: The language.
        names: Names of people by login or responder.
    """
    script = script_for(view.incident, view.scripts, view.timeline)
    if view.home is None and view.incident.aggregate is Aggregate.DEVICE and not _is_about_us(view):
        script = next((it for it in view.scripts if it.occasion is Occasion.UNREGISTERED), script)
    if script is None or view.incident.closed_at is not None:
        return None
    home = view.home.household if view.home else None
    responders = view.home.responders if view.home else ()
    part = followed(script, home, responders, view.timeline, say, names, can_ask=can_ask(view))
    if view.incident.state is IncidentState.RESOLVED:
        part = nothing_next(part)
    others = tuple(
        (other.id, title_of(other, say))
        for other in view.scripts
        if other is not script and other.occasion not in NOT_CHOSEN and view.home is not None
    )
    return msgspec.structs.replace(part, number=view.scripts_number, others=others)


def followed(
    script: Script,
    home: Household | None,
    responders: Sequence[Responder],
    timeline: Sequence[Entry],
    say: Speech,
    names: Mapping[str, str],
    *,
    can_ask: bool = True,
) -> ScriptPart:
    """A script as far as a timeline shows it to be done."""
    standings = walk(script, home, timeline, {one.id: one.name for one in responders}, can_ask=can_ask)
    english, refused = say.language.code == "en", cannot_go(timeline)
    shown = tuple(_shown(standing, home, responders, refused, english=english, names=names) for standing in standings)
    return ScriptPart(title_of(script, say), shown)


def nothing_next(part: ScriptPart) -> ScriptPart:
    """The person is safe: what was not done is not asked for any more."""
    steps = (
        msgspec.structs.replace(it, stand=str(Stand.LATER), due=None) if it is part.next else it for it in part.steps
    )
    return msgspec.structs.replace(part, steps=tuple(steps))


def title_of(script: Script, say: Speech) -> str:
    """A script's title in a language."""
    return script.en if say.language.code == "en" else script.zh


def titles(scripts: Sequence[Script], say: Speech) -> dict[str, str]:
    """Titles by id."""
    return {script.id: title_of(script, say) for script in scripts}


def _shown(
    standing: Standing,
    home: Household | None,
    responders: Sequence[Responder],
    refused: Collection[str],
    *,
    english: bool,
    names: Mapping[str, str],
) -> ScriptStep:
    """One step; whoever has said that they cannot go is not offered to be sent."""
    step = standing.step
    wanted = people(step.target, home)
    to_send = [it for it in wanted if it not in refused] if step.do is Do.SEND else []
    return ScriptStep(
        id=step.id,
        do=str(step.do),
        stand=str(standing.stand),
        text=text_of(step, home, english=english),
        tried=standing.tried,
        done_at=standing.done_at,
        due=standing.due,
        who=names.get(standing.by, standing.by),
        people=_numbers(wanted, home, responders) if step.do is Do.CALL else (),
        responder=next((one.id for one in responders if one.id in to_send), ""),
    )


def _numbers(wanted: Sequence[str], home: Household | None, responders: Sequence[Responder]) -> tuple[Person, ...]:
    """Whom to call with their numbers, in the order in which the step names them."""
    known = {str(service): Person(str(service), str(service)) for service in EMERGENCY}
    known |= {one.id: Person(one.name, one.phone) for one in responders}
    if home is not None:
        known |= {one.name: Person(one.name, one.phone) for one in home.contacts}
        known |= {one.name: Person(one.name, one.phone, is_resident=True) for one in home.residents}
    return tuple(known[name] for name in wanted if name in known)
