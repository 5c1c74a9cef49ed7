"""A plan of escalation as a form: what somebody has filled in, right or wrong, and which field is wrong."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from starlette.datastructures import FormData

from alerting.duty.plan import DAY_S, NAMED, Plan, Step, Target, TargetKind
from alerting.duty.roster import DayKind, Times
from alerting.model import Priority, RiskTier
from dashboard.form_fields import (
    BETWEEN,
    LONGEST_LIST,
    chosen,
    clock,
    listed,
    picked_too,
    times_of,
    too_long,
    typed,
    whole,
)
from dashboard.labels import Labels, who_is_meant

MOST_STEPS = 20
HOUR_S = 3600

Wrong = dict[str, list[str]]
"""What is wrong, as flaws, by the field it is about; the empty name is the whole form."""


class StepDraft(msgspec.Struct, kw_only=True):
    """One step as it was filled in: targets by their words, people by their names."""

    after_s: str = ""
    call: tuple[str, ...] = ()
    people: str = ""
    in_turn: bool = False


class PlanDraft(msgspec.Struct, kw_only=True):
    """A plan as it was filled in."""

    name: str = ""
    priority: str = "1"
    area: str = ""
    tiers: tuple[str, ...] = ()
    from_at: str = ""
    to_at: str = ""
    days: tuple[str, ...] = ()
    on: str = DayKind.ANY
    rounds: str = "2"
    again_s: str = "300"
    accept_s: str = "300"
    everybody: bool = True
    next_working_day: bool = False
    steps: list[StepDraft] = []


def draft_of(plan: Plan, people: Labels, areas: Labels) -> PlanDraft:
    """A plan as its form shows it."""
    times = plan.times
    return PlanDraft(
        name=plan.name,
        priority=str(int(plan.priority)),
        area=areas.name(plan.area) if plan.area else "",
        tiers=tuple(plan.tiers),
        from_at=clock(times.from_min) if times else "",
        to_at=clock(times.to_min) if times else "",
        days=tuple(str(it) for it in times.days) if times else (),
        on=times.on if times else DayKind.ANY,
        rounds=str(plan.rounds),
        again_s=str(plan.again_s),
        accept_s=str(plan.accept_s),
        everybody=plan.everybody,
        next_working_day=plan.next_working_day,
        steps=[_step_draft(step, people) for step in plan.steps],
    )


def _step_draft(step: Step, people: Labels) -> StepDraft:
    named = [people.name(t.role) for t in step.targets if t.kind is TargetKind.PERSON]
    words = tuple(word_of(t) for t in step.targets if t.kind is not TargetKind.PERSON)
    return StepDraft(after_s=str(step.after_s), call=words, people=BETWEEN.join(named), in_turn=step.in_turn)


def word_of(target: Target) -> str:
    """A target as one word of a form."""
    return f"{target.kind.value}:{target.role}" if target.role else target.kind.value


def target_words(roles: Iterable[str]) -> list[str]:
    """What a step may call, people by name aside: by what the case file or the settings say, then by the roster."""
    return [kind.value for kind in TargetKind if kind not in NAMED] + [
        f"{TargetKind.ON_DUTY.value}:{role}" for role in roles if role != TargetKind.SUPERVISOR
    ]


def read_draft(form: FormData) -> PlanDraft:
    """What somebody has filled in. What cannot be is kept, so that it is shown and told, never silently changed."""
    count = min(whole(typed(form, "steps")) or 0, 2 * MOST_STEPS)
    return PlanDraft(
        name=typed(form, "name"),
        priority=typed(form, "priority"),
        area=typed(form, "area"),
        tiers=chosen(form, "tiers"),
        from_at=typed(form, "from_at"),
        to_at=typed(form, "to_at"),
        days=chosen(form, "days"),
        on=typed(form, "on") or DayKind.ANY,
        rounds=typed(form, "rounds"),
        again_s=typed(form, "again_s"),
        accept_s=typed(form, "accept_s"),
        everybody=bool(form.get("everybody")),
        next_working_day=bool(form.get("next_working_day")),
        steps=[
            StepDraft(
                after_s=typed(form, f"after_s.{n}"),
                call=chosen(form, f"call.{n}"),
                people=picked_too(form, f"people.{n}", f"pick.{n}"),
                in_turn=bool(form.get(f"in_turn.{n}")),
            )
            for n in range(1, count + 1)
        ],
    )


def rearranged(draft: PlanDraft, what: str) -> PlanDraft:
    """With a step added, removed or moved: ``add:3`` after the third, ``remove:3``, ``up:3``, ``down:3``.

    Who is called moves; the times stay in their order, because a later step cannot come earlier.
    """
    word, _, where = what.partition(":")
    at, steps = (whole(where) or 0) - 1, list(draft.steps)
    if word == "add" and -1 <= at < len(steps) and len(steps) < MOST_STEPS:
        steps.insert(at + 1, StepDraft(after_s=_between(steps, at)))
    elif word == "remove" and 0 <= at < len(steps):
        del steps[at]
    elif word in {"up", "down"} and 0 <= at < len(steps):
        other = at - 1 if word == "up" else at + 1
        if 0 <= other < len(steps):
            here, there = steps[at], steps[other]
            steps[at] = msgspec.structs.replace(there, after_s=here.after_s)
            steps[other] = msgspec.structs.replace(here, after_s=there.after_s)
    return msgspec.structs.replace(draft, steps=steps)


def _between(steps: list[StepDraft], at: int) -> str:
    """A time for a step after the one at this place: half a minute later, or half way to the next."""
    before = whole(steps[at].after_s) or 0 if at >= 0 else 0
    later = whole(steps[at + 1].after_s) if at + 1 < len(steps) else None
    return str(before + 30 if later is None or later > before + 30 else (before + later) // 2)


def plan_of(draft: PlanDraft, people: Labels, areas: Labels) -> tuple[Plan | None, Wrong]:
    """The plan that was filled in; None, with what is wrong by field, when something in it cannot be read."""
    wrong: Wrong = {"name": too_long(draft.name)}
    numbers = {"rounds": draft.rounds, "again_s": draft.again_s, "accept_s": draft.accept_s}
    read = {name: whole(text) for name, text in numbers.items()}
    wrong |= {name: [f"no_number|{numbers[name]}"] for name, number in read.items() if number is None}
    area = areas.word(draft.area) if draft.area else ""
    if area is None:
        wrong["area"] = [f"unknown_area|{draft.area}"]
    times = times_of(draft.from_at, draft.to_at, draft.days, draft.on)
    if times is None:
        wrong["hours"] = ["bad_hours|"]
    if draft.priority not in {str(int(it)) for it in Priority} or not set(draft.tiers) <= set(RiskTier):
        wrong["scope"] = ["not_read|"]
    steps: list[Step] = []
    for n, it in enumerate(draft.steps, 1):
        after_s, targets = whole(it.after_s), _targets(it, people, wrong.setdefault(f"call.{n}", []))
        if after_s is None:
            wrong[f"after_s.{n}"] = [f"no_number|{it.after_s}"]
        steps.append(Step(after_s=after_s or 0, targets=targets, in_turn=it.in_turn))
    wrong = {field: found for field, found in wrong.items() if found}
    if wrong or times is None or area is None:
        return None, wrong
    return Plan(
        name=draft.name,
        priority=Priority(int(draft.priority)),
        steps=tuple(steps),
        area=area,
        tiers=tuple(tier for tier in RiskTier if tier in draft.tiers),
        times=times if times != Times() else None,
        rounds=read["rounds"] or 0,
        everybody=draft.everybody,
        again_s=read["again_s"] or 0,
        accept_s=read["accept_s"] or 0,
        next_working_day=draft.next_working_day,
    ), {}


def _targets(step: StepDraft, people: Labels, wrong: list[str]) -> tuple[Target, ...]:
    found: list[Target] = []
    for word in step.call:
        kind, _, role = word.partition(":")
        if kind in set(TargetKind) and bool(role) == (kind in NAMED):
            found.append(Target(kind=TargetKind(kind), role=role))
        else:
            wrong.append(f"not_read|{word}")
    flaws = too_long(step.people, LONGEST_LIST)
    wrong += flaws
    for name in listed(step.people) if not flaws else ():
        person, flaw = who_is_meant(people, name)
        if person is None:
            wrong.append(flaw)
        else:
            found.append(Target(kind=TargetKind.PERSON, role=person))
    return tuple(found)


def placed(plan: Plan, reasons: Iterable[str]) -> Wrong:
    """The reasons why plans are refused, each at the field of this plan that it is about, else at the whole form."""
    wrong: Wrong = {}
    for reason in reasons:
        word, _, what = reason.partition("|")
        mine = plan.name in what.split("、") or what.startswith(f"{plan.name} · ") or word == "unknown_person"
        fields = _fields(plan, word, what) if mine else [""]
        for field in fields or [""]:
            wrong.setdefault(field, []).append(reason)
    return wrong


def _fields(plan: Plan, word: str, what: str) -> list[str]:
    steps = list(enumerate(plan.steps, 1))
    last = len(steps)
    if word == "no_staffed_last_step":
        return [f"call.{last}"]
    if word == "no_steps":
        return [f"call.{n}" for n, step in steps if not step.targets]
    if word == "steps_out_of_order":
        return [f"after_s.{n}" for n, step in steps[1:] if step.after_s <= plan.steps[n - 2].after_s]
    if word == "bad_step_time":
        return [f"after_s.{last}" if plan.pass_s > DAY_S else "after_s.1"]
    if word == "too_slow_for_p1":
        slow = {"everybody": not plan.everybody, "next_working_day": plan.next_working_day}
        slow |= {"accept_s": plan.accept_s > HOUR_S, f"after_s.{last}": plan.pass_s > HOUR_S}
        return [field for field, is_slow in slow.items() if is_slow]
    if word == "unknown_person":
        return [f"call.{n}" for n, step in steps if any(t.role == what for t in step.targets)]
    if word == "unknown_role":
        return [f"call.{n}" for n, step in steps if any(t.role and what.endswith(f" · {t.role}") for t in step.targets)]
    if word == "bad_times":
        return ["again_s" if not 60 <= plan.again_s <= DAY_S else "accept_s"]  # noqa: PLR2004 - told by the word
    return {"bad_rounds": ["rounds"], "name_twice": ["name"], "same_scope": ["scope"]}.get(word, [])
