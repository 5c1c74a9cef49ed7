"""What is wrong with scripts, so that they cannot be put in force: each a word, and after bars script and step.

A script that can end with nobody at the door is refused before it is ever needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from alerting.incidents.script import (
    EMERGENCY,
    FACTS,
    LONGEST_WITHIN_S,
    MOST_STEPS,
    MOST_TRIES,
    NAMED,
    Contact,
    Do,
    Occasion,
    Script,
    Step,
    Target,
)
from alerting.model import AlarmKind, Priority

MOST_SCRIPTS = 40
LONGEST_TEXT = 1000
OF_AREAS = frozenset({AlarmKind.AREA_OUTAGE, AlarmKind.AREA_BRIDGE, AlarmKind.AREA_CALLS})
"""Many homes at once: nobody's door; what a P1 needs is an emergency service."""
BRACE = re.compile(r"[{}]")
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def flaws(scripts: Sequence[Script], priorities: Mapping[AlarmKind, Priority]) -> list[str]:
    """Why these scripts cannot be in force together; empty when they can.

    Args:
        scripts: All of them, in their order.
        priorities: Of each kind of alarm, so that P1 is held to more.

    Returns:
        ``word|script|step`` each: step counts from 1, empty for the whole script; script is empty for all of them.
    """
    wrong: list[str] = ["too_many_scripts||"] if len(scripts) > MOST_SCRIPTS else []
    ids = [script.id for script in scripts]
    wrong += [f"script_twice|{id_}|" for id_ in dict.fromkeys(ids) if ids.count(id_) > 1]
    for script in scripts:
        urgent = any(priorities.get(kind) is Priority.P1 for kind in script.kinds)
        wrong += [f"{word}|{script.id}|{step}" for word, step in _script(script, urgent=urgent)]
    kinds = [kind for script in scripts for kind in script.kinds]
    wrong += [f"kind_without_script|{kind}|" for kind in AlarmKind if kind not in kinds]
    wrong += [f"kind_twice|{kind}|" for kind in AlarmKind if kinds.count(kind) > 1]
    occasions = [script.occasion for script in scripts]
    wrong += [f"occasion_without_script|{it}|" for it in Occasion if occasions.count(it) != 1]
    return wrong


def _script(script: Script, *, urgent: bool) -> list[tuple[str, str]]:
    """(word, step) of one script; ``urgent``: one of its alarms is P1."""
    wrong: list[tuple[str, str]] = []
    if not ID.fullmatch(script.id):
        wrong.append(("bad_id", ""))
    if not script.zh.strip() or not script.en.strip():
        wrong.append(("no_title", ""))
    if bool(script.kinds) == (script.occasion is not None):
        wrong.append(("no_kinds", ""))
    if not 0 < len(script.steps) <= MOST_STEPS:
        wrong.append(("no_steps" if not script.steps else "too_many_steps", ""))
    if len({step.id for step in script.steps}) != len(script.steps):
        wrong.append(("same_id", ""))
    for n, step in enumerate(script.steps, 1):
        wrong += [(word, str(n)) for word in _step(step)]
    wrong += [("unreachable", str(n)) for n in unreachable(script)]
    if script.steps and script.kinds and OF_AREAS.issuperset(script.kinds):
        wrong += [(word, "") for word in _ends_of_area(script, urgent=urgent)]
    elif (
        script.steps
        and script.occasion not in {Occasion.FAULT, Occasion.UNREGISTERED}
        and script.kinds != (AlarmKind.AUDIT,)
    ):
        wrong += [(word, "") for word in _ends(script, urgent=urgent or script.occasion is Occasion.WANDERING)]
    return wrong


def _ends_of_area(script: Script, *, urgent: bool) -> list[str]:
    """Many homes at once have no one door: what is P1 calls for help, and the rest is told what to do."""
    calls = {contact for step in script.steps if step.target in EMERGENCY for contact in step.when}
    return [f"no_emergency_{it}" for it in (Contact.NONE, Contact.HELP) if urgent and it not in calls]


def _ends(script: Script, *, urgent: bool) -> list[str]:
    """A script has an end for whatever is known of the person: closed, somebody at the door, or help called."""
    wrong: list[str] = []
    if not any(Contact.WELL in step.when for step in script.steps):
        wrong.append("no_end_well")
    for contact in (Contact.NONE, Contact.HELP):
        needed = [step for step in script.steps if contact in step.when]
        sends = any(step.do is Do.SEND for step in needed)
        calls = any(step.do is Do.CALL and step.target in EMERGENCY for step in needed)
        if urgent:
            wrong += [] if sends else [f"sends_nobody_{contact}"]
            wrong += [] if calls else [f"no_emergency_{contact}"]
        elif not sends and not calls:
            wrong.append(f"no_end_{contact}")
    return wrong


def unreachable(script: Script) -> list[int]:
    """Steps, counted from 1, that never come up: nothing finds out what they wait for, or the same is done by then."""
    found: list[int] = []
    asks = any(_asks(step) for step in script.steps)
    done: dict[tuple[Do, Target], set[Contact]] = {}
    for n, step in enumerate(script.steps, 1):
        when = set(step.when)
        waits_in_vain = bool(when) and Contact.NONE not in when and not asks
        act = (step.do, step.target)
        repeated = step.do is not Do.READ and bool(when) and when <= done.get(act, set())
        if waits_in_vain or repeated:
            found.append(n)
        if step.do is not Do.READ:
            done.setdefault(act, set()).update(when)
    return found


def _asks(step: Step) -> bool:
    """Whether it may bring word of the person while nothing is known."""
    calls = step.do is Do.CALL and step.target not in EMERGENCY
    return Contact.NONE in step.when and (calls or step.do is Do.PROMPT)


def _step(step: Step) -> list[str]:
    wrong: list[str] = []
    if not ID.fullmatch(step.id):
        wrong.append("bad_id")
    if not step.zh.strip() or not step.en.strip():
        wrong.append("no_text")
    if not 1 <= step.tries <= MOST_TRIES:
        wrong.append("bad_tries")
    if not 0 <= step.within_s <= LONGEST_WITHIN_S:
        wrong.append("bad_time")
    if not step.when:
        wrong.append("never_needed")
    if (step.do in {Do.CALL, Do.SEND}) == (step.target is Target.NOBODY):
        wrong.append("bad_target")
    if step.do is Do.SEND and step.target not in {Target.VILLAGE, Target.TOWN, Target.NOBODY}:
        wrong.append("cannot_be_sent")
    return wrong + _texts(step)


def _texts(step: Step) -> list[str]:
    wrong = ["long_text"] if max(len(step.zh), len(step.en)) > LONGEST_TEXT else []
    texts = f"{step.zh} {step.en}"
    if BRACE.search(NAMED.sub("", texts)):
        wrong.append("bad_text")
    elif set(NAMED.findall(texts)) - FACTS:
        wrong.append("unknown_fact")
    return wrong
