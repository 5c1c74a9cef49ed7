"""What to do about an incident, step by step, as data; and how far a timeline shows it to be done.

A script (处置脚本) never holds anybody up: it says what comes next, and what was done is read from the timeline, where
it is recorded by doing it. Whoever speaks with the resident decides what the rest of the script is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.casefile import Household
from alerting.model import AlarmKind, Entry, EntryKind, Incident

MOST_STEPS = 30
MOST_TRIES = 5
LONGEST_WITHIN_S = 24 * 3600
FACTS = frozenset({"resident", "address", "case", "access", "risks", "phone"})
"""What a text may name in braces."""
NAMED = re.compile(r"\{(\w*)\}")
RISK_CLAUSE = re.compile(r"[，,；;]\s*[^。，,；;.！!？?“”]*\{risks\}")
"""A clause about risks that ends a sentence begun before it."""
RISK_SENTENCE = re.compile(r"[^。，,；;.！!？?“”]*\{risks\}[。；;.]?")
"""A sentence that is about risks alone."""


class Do(StrEnum):
    """What a step consists of."""

    CALL = "call"
    PROMPT = "prompt"
    """Let the home's own device ask."""
    SEND = "send"
    """Send a responder to the door."""
    READ = "read"
    """Something to bear in mind, or to say; nothing waits for it."""


class Target(StrEnum):
    """Who is called or sent."""

    HOME = "home"
    SECOND = "second"
    """The next number after the first resident's: another resident, else the first contact."""
    CONTACTS = "contacts"
    KEY_HOLDER = "key_holder"
    VILLAGE = "village"
    TOWN = "town"
    AMBULANCE = "120"
    POLICE = "110"
    FIRE = "119"
    NOBODY = ""


EMERGENCY = frozenset({Target.AMBULANCE, Target.POLICE, Target.FIRE})


class Contact(StrEnum):
    """What is known from a person since the incident began."""

    NONE = "none"
    """Nobody has answered: on a panic, silence is treated as real."""
    WELL = "well"
    HELP = "help"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step.

    Attributes:
        id: Unique in its script.
        do: What.
        target: Whom to call or send.
        when: In which of these states of contact it is needed.
        tries: A call that is not answered is made so often.
        within_s: To be done within this time after the step before it, or after the claim, seconds; 0: no limit.
        zh: What it says, or the text to read; may name ``FACTS`` in braces.
        en: The same in English.
    """

    id: str
    do: Do
    target: Target = Target.NOBODY
    when: tuple[Contact, ...] = (Contact.NONE, Contact.HELP)
    tries: int = 1
    within_s: int = 0
    zh: str
    en: str


class Occasion(StrEnum):
    """What a script can be for that no kind of alarm names."""

    WANDERING = "wandering"
    """Somebody with a portable alarm is not at home and does not know the way: an operator follows it by hand."""
    FAULT = "fault"
    """Equipment needs care: shown beside the list of faults."""
    UNREGISTERED = "unregistered"
    """A device without a home calls: whoever it is must be found first."""


class Script(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """For these kinds of alarm, these steps in this order; ``occasion`` where no kind of alarm leads to it."""

    id: str
    kinds: tuple[AlarmKind, ...] = ()
    zh: str
    en: str
    steps: tuple[Step, ...]
    occasion: Occasion | None = None


class Stand(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    MIND = "mind"
    """To be borne in mind now."""
    NOT_NEEDED = "not_needed"
    IMPOSSIBLE = "impossible"
    """The case file has nobody to call or send, or no device of the home can ask."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it stands.

    Attributes:
        step: The step.
        stand: Where it stands.
        tried: How often it was tried.
        done_at: When it was done, UTC.
        by: Who did it.
        due: When it should be done, UTC; None when it has no limit or is not the next one.
    """

    step: Step
    stand: Stand
    tried: int = 0
    done_at: datetime | None = None
    by: str = ""
    due: datetime | None = None


DOES = {Do.PROMPT: (EntryKind.PROMPTED,), Do.SEND: (EntryKind.DISPATCHED, EntryKind.ARRIVED)}
UNDOES_SENDING = (EntryKind.JOB_DECLINED, EntryKind.RECALLED)


def script_for(incident: Incident, scripts: Sequence[Script], timeline: Sequence[Entry] = ()) -> Script | None:
    """The script of an incident: the one last chosen by hand, else the first, in their order, for one of its alarms."""
    chosen = next((entry.text for entry in reversed(timeline) if entry.kind is EntryKind.SCRIPT), "")
    if (found := next((script for script in scripts if script.id == chosen), None)) is not None:
        return found
    kinds = {alarm.kind for alarm in incident.alarms}
    return next((script for script in scripts if kinds & set(script.kinds)), None)


def contact_of(timeline: Sequence[Entry]) -> Contact:
    """What is known from a person: a call for help after it makes it unknown again; help is not taken back by well."""
    return _contact(timeline)[0]


def _contact(timeline: Sequence[Entry]) -> tuple[Contact, int]:
    """What is known from a person, and from which entry on; what was heard before is overtaken by a later alarm."""
    known, since = Contact.NONE, 0
    for nth, entry in enumerate(timeline):
        if entry.alarm is not None and entry.kind is not EntryKind.CLEARED:
            if known is Contact.WELL:
                known, since = Contact.NONE, nth
        elif entry.kind is EntryKind.ANSWERED_WELL and known is Contact.NONE:
            known = Contact.WELL
        elif entry.kind is EntryKind.CALLED:
            result = entry.text.rpartition("|")[2]
            if result == "help":
                known = Contact.HELP
            elif result == "well" and known is Contact.NONE:
                known = Contact.WELL
    return known, since


def people(target: Target, home: Household | None) -> tuple[str, ...]:
    """Names, as calls record them, of whom a target is in a home; empty when the case file has nobody."""
    if target in EMERGENCY:
        return (str(target),)
    if home is None:
        return ()
    residents = [r.name for r in home.residents if r.phone]
    match target:
        case Target.HOME:
            return tuple(residents[:1])
        case Target.SECOND:
            return tuple([*residents[1:], *(c.name for c in home.contacts if c.phone)][:1])
        case Target.CONTACTS:
            return tuple(c.name for c in home.contacts if c.phone)
        case Target.KEY_HOLDER:
            return tuple(c.name for c in home.contacts if c.key_holder and c.phone)
        case Target.VILLAGE:
            return (home.village_responder,) if home.village_responder else ()
        case Target.TOWN:
            return (home.town_responder,) if home.town_responder else ()
    return ()


def walk(
    script: Script,
    home: Household | None,
    timeline: Sequence[Entry],
    names: dict[str, str] | None = None,
    *,
    can_ask: bool = True,
) -> tuple[Standing, ...]:
    """Where each step of a script stands, read from the timeline.

    Who was well before a later alarm is asked anew. Who was sent and cannot go, or was called back, was not sent.

    Args:
        script: The script.
        home: Case file; None for a device without a home.
        timeline: All of the incident's, oldest first.
        names: Names of responders by their id: calls record names, dispatches ids.
        can_ask: The home has a device that asks aloud.

    Returns:
        One standing a step, in the script's order; at most one of them ``NOW``.
    """
    contact, since = _contact(timeline)
    standings: list[Standing] = []
    before = next((e.at for e in timeline if e.kind is EntryKind.CLAIMED), None)
    found_next = False
    for step in script.steps:
        asks = step.target is Target.HOME or step.do is Do.PROMPT
        standing = _standing(step, home, timeline[since:] if asks else timeline, names or {})
        if step.do is Do.PROMPT and not can_ask and standing.done_at is None:
            standing = Standing(step=step, stand=Stand.IMPOSSIBLE)
        if standing.done_at is not None:
            before = max(before or standing.done_at, standing.done_at)
        elif contact not in step.when:
            standing = msgspec.structs.replace(standing, stand=Stand.NOT_NEEDED)
        elif step.do is Do.READ:
            standing = msgspec.structs.replace(standing, stand=Stand.MIND)
        elif standing.stand is Stand.LATER and not found_next:
            found_next = True
            due = before + timedelta(seconds=step.within_s) if before is not None and step.within_s else None
            standing = msgspec.structs.replace(standing, stand=Stand.NOW, due=due)
        standings.append(standing)
    return tuple(standings)


def _standing(step: Step, home: Household | None, timeline: Sequence[Entry], names: dict[str, str]) -> Standing:
    """A step by itself: tried, done, or not yet."""
    ids = people(step.target, home)
    wanted = {*ids, *(names[i] for i in ids if i in names)}
    if step.do in {Do.CALL, Do.SEND} and not wanted:
        return Standing(step=step, stand=Stand.IMPOSSIBLE)
    if step.do is Do.CALL:
        return _called(step, wanted, timeline)
    done = None
    for entry in timeline:
        if entry.kind in DOES.get(step.do, ()):
            done = done or entry
        elif step.do is Do.SEND and entry.kind in UNDOES_SENDING:
            done = None
    if done is None:
        return Standing(step=step, stand=Stand.LATER)
    return Standing(step=step, stand=Stand.DONE, tried=1, done_at=done.at, by=done.by)


def _called(step: Step, wanted: set[str], timeline: Sequence[Entry]) -> Standing:
    tried = 0
    for entry in timeline:
        whom, _, result = entry.text.rpartition("|")
        if entry.kind is not EntryKind.CALLED or whom not in wanted:
            continue
        tried += 1
        if result not in {"no_answer", "busy"} or tried >= step.tries * len(wanted):
            return Standing(step=step, stand=Stand.DONE, tried=tried, done_at=entry.at, by=entry.by)
    return Standing(step=step, stand=Stand.LATER, tried=tried)


def text_of(step: Step, home: Household | None, *, english: bool) -> str:
    """A step's text with what the case file knows filled in; what is not known is a dash."""
    return filled_in(step.en if english else step.zh, home, english=english)


def filled_in(text: str, home: Household | None, *, english: bool) -> str:
    """A text with the facts that it names in braces; what is none of them stays as it is.

    Where no risk is recorded, the clause about risks is left out: the text is read to the ambulance as it stands.
    """
    resident = home.residents[0] if home and home.residents else None
    facts = {
        "resident": resident.name if resident else "–",
        "phone": resident.phone if resident and resident.phone else "–",
        "address": home.address if home else "–",
        "case": home.key if home else "–",
        "access": home.access if home and home.access else ("not recorded" if english else "未记录"),
        "risks": ("; " if english else "；").join(home.risks) if home else "",
    }
    if not facts["risks"]:
        text = RISK_SENTENCE.sub("", RISK_CLAUSE.sub("", text))
    return NAMED.sub(lambda found: facts.get(found[1], found[0]), text)
