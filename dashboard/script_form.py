"""A script as a form: step cards that anybody can fill in, and what they have written, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from starlette.datastructures import FormData

from alerting.incidents.script import (
    MOST_STEPS,
    Contact,
    Do,
    Occasion,
    Script,
    Step,
    Target,
)
from alerting.model import AlarmKind

LONGEST = 4000
MOST_DIGITS = 7


class StepDraft(msgspec.Struct, kw_only=True):
    """One card as it was filled in."""

    id: str
    do: str = Do.READ
    target: str = Target.NOBODY
    when: tuple[str, ...] = (Contact.NONE, Contact.HELP)
    tries: str = "1"
    within_s: str = "0"
    zh: str = ""
    en: str = ""


class Draft(msgspec.Struct, kw_only=True):
    """A script as it was filled in."""

    id: str
    kinds: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""
    occasion: str = ""
    steps: list[StepDraft] = []


def draft_of(script: Script) -> Draft:
    """A script as its form shows it."""
    return Draft(
        id=script.id,
        kinds=tuple(script.kinds),
        zh=script.zh,
        en=script.en,
        occasion=script.occasion or "",
        steps=[
            StepDraft(
                id=step.id,
                do=step.do,
                target=step.target,
                when=tuple(step.when),
                tries=str(step.tries),
                within_s=str(step.within_s),
                zh=step.zh,
                en=step.en,
            )
            for step in script.steps
        ],
    )


def read_draft(form: FormData, id_: str, occasion: str) -> Draft:
    """What somebody has filled in. What cannot be is kept, so that it is shown and told, never silently changed."""
    count = min(_number(str(form.get("steps", "0"))), 2 * MOST_STEPS)

    def one(name: str) -> str:
        return str(form.get(name, "")).strip()[:LONGEST]

    steps = [
        StepDraft(
            id=one(f"id.{n}"),
            do=one(f"do.{n}"),
            target=one(f"target.{n}"),
            when=tuple(str(it) for it in form.getlist(f"when.{n}")),
            tries=one(f"tries.{n}"),
            within_s=one(f"within_s.{n}"),
            zh=one(f"zh.{n}"),
            en=one(f"en.{n}"),
        )
        for n in range(1, count + 1)
    ]
    kinds = tuple(str(it) for it in form.getlist("kinds"))
    return Draft(id=id_, kinds=kinds, zh=one("zh"), en=one("en"), occasion=occasion, steps=steps)


def rearranged(draft: Draft, what: str) -> Draft:
    """With a card added, removed or moved: ``add:3`` after the third, ``remove:3``, ``up:3``, ``down:3``."""
    word, _, where = what.partition(":")
    at, steps = _number(where) - 1, list(draft.steps)
    if word == "add" and -1 <= at < len(steps) and len(steps) < MOST_STEPS:
        taken = {step.id for step in steps}
        fresh = next(f"step{n}" for n in range(1, 2 * MOST_STEPS) if f"step{n}" not in taken)
        steps.insert(at + 1, StepDraft(id=fresh))
    elif word == "remove" and 0 <= at < len(steps):
        del steps[at]
    elif word in {"up", "down"} and 0 <= at < len(steps):
        other = at - 1 if word == "up" else at + 1
        if 0 <= other < len(steps):
            steps[at], steps[other] = steps[other], steps[at]
    return msgspec.structs.replace(draft, steps=steps)


def script_of(draft: Draft) -> tuple[Script | None, list[str]]:
    """The script that was filled in; None, with the reasons, when a word in it is none that we know."""
    wrong = [f"unknown_kind|{draft.id}|" for kind in draft.kinds if kind not in set(AlarmKind)]
    for n, step in enumerate(draft.steps, 1):
        wrong += [] if step.do in set(Do) else [f"unknown_do|{draft.id}|{n}"]
        wrong += [] if step.target in set(Target) else [f"unknown_target|{draft.id}|{n}"]
        wrong += [] if set(step.when) <= set(Contact) else [f"never_needed|{draft.id}|{n}"]
    if wrong:
        return None, wrong
    return Script(
        id=draft.id,
        kinds=tuple(AlarmKind(kind) for kind in draft.kinds),
        zh=draft.zh,
        en=draft.en,
        occasion=Occasion(draft.occasion) if draft.occasion else None,
        steps=tuple(_step(step) for step in draft.steps),
    ), []


def _step(step: StepDraft) -> Step:
    do = Do(step.do)
    return Step(
        id=step.id,
        do=do,
        target=Target(step.target) if do in {Do.CALL, Do.SEND} else Target.NOBODY,
        when=tuple(contact for contact in Contact if contact in step.when),
        tries=_number(step.tries) if do is Do.CALL else 1,
        within_s=_number(step.within_s, empty=0),
        zh=step.zh,
        en=step.en,
    )


def _number(text: str, empty: int = -1) -> int:
    """A whole number; -1, which no field may be, for what is none."""
    if not text:
        return empty
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else -1


class Change(msgspec.Struct, frozen=True):
    """One difference between two editions: where, what became of it, and the fields with before and after."""

    script: str
    step: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(before: Sequence[Script], after: Sequence[Script]) -> list[Change]:
    """What is different in the later of two editions, script by script and step by step."""
    old, new = {s.id: s for s in before}, {s.id: s for s in after}
    changes = [Change(id_, "", "removed") for id_ in old if id_ not in new]
    changes += [Change(id_, "", "added") for id_ in new if id_ not in old]
    for id_ in (id_ for id_ in new if id_ in old and new[id_] != old[id_]):
        changes += _between(old[id_], new[id_])
    if not changes and [s.id for s in before] != [s.id for s in after]:
        changes.append(Change("", "", "moved"))
    return changes


def _between(old: Script, new: Script) -> list[Change]:
    changes: list[Change] = []
    head = [("title", f"{old.zh} / {old.en}", f"{new.zh} / {new.en}"), ("kinds", _words(old.kinds), _words(new.kinds))]
    head = [field for field in head if field[1] != field[2]]
    if head:
        changes.append(Change(new.id, "", "changed", tuple(head)))
    before, after = {s.id: s for s in old.steps}, {s.id: s for s in new.steps}
    changes += [Change(new.id, step.zh, "removed") for id_, step in before.items() if id_ not in after]
    changes += [Change(new.id, step.zh, "added") for id_, step in after.items() if id_ not in before]
    for id_, step in after.items():
        if id_ in before and before[id_] != step:
            was, now = _fields(before[id_]), _fields(step)
            fields = tuple((name, was[name], now[name]) for name in now if was[name] != now[name])
            changes.append(Change(new.id, step.zh, "changed", fields))
    order = [id_ for id_ in before if id_ in after], [id_ for id_ in after if id_ in before]
    if order[0] != order[1]:
        changes.append(Change(new.id, "", "moved", (("order", _words(order[0]), _words(order[1])),)))
    return changes


def _fields(step: Step) -> Mapping[str, str]:
    shown = {"do": step.do, "target": step.target, "when": _words(step.when), "tries": str(step.tries)}
    return {**shown, "within_s": str(step.within_s), "zh": step.zh, "en": step.en}


def _words(found: Sequence[str]) -> str:
    return ", ".join(found)
