"""Plans, rosters and scripts are saved as editions: numbered, checked, refused with reasons when they are flawed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from alerting.budget import spending
from alerting.budget.spending import Budget, Price
from alerting.commands import SaveBudget, SavePlans, SaveScripts, Saving
from alerting.decisions import Answered, AnyDecision, EditionSaved
from alerting.duty import roster as rosters
from alerting.duty.chain import Editions, plan_flaws
from alerting.duty.plan import Plan
from alerting.duty.reach import People, PeopleChange, change_of
from alerting.duty.roster import Roster
from alerting.duty.saving import SaveTerms, SaveValues
from alerting.events import AnyEvent, Commanded, PeopleKnown, PriceKnown, SettingsKnown
from alerting.incidents import script_flaws
from alerting.incidents.script import Script
from alerting.incidents.values import Values, flaws, usual, with_changes
from alerting.policy import Policy
from alerting.term_groups import GROUPS
from alerting.terms import TYPES, terms_from

PLANS, ROSTER, PEOPLE, PEOPLE_CHANGE = "plans", "roster", "people", "people_change"
BUDGET, PRICE, SCRIPTS, SETTINGS, VALUES = "budget", "price", "scripts", "settings", "values"
WHOLE_AFTER = 500
"""So many changes of the people follow one whole edition; a start and a replay read no more than that."""
KEY = "~editions"
"""Key of the one aggregate that holds them."""

Result = tuple[Editions, list[AnyDecision]]


def step(editions: Editions, event: AnyEvent, people: People, now: datetime, policy: Policy) -> Result:
    """What one event does to the editions. ``people`` are the registry's, for ``PeopleKnown``."""
    if isinstance(event, Commanded) and isinstance(event.command, Saving):
        return save(editions, event.command, now, policy)
    if isinstance(event, PeopleKnown):
        return known(editions, people)
    if isinstance(event, PriceKnown):
        return priced(editions, event.price)
    if isinstance(event, SettingsKnown):
        return settled(editions, policy)
    raise TypeError(f"the editions cannot judge {type(event).__name__}")


def save(editions: Editions, command: Saving, now: datetime, policy: Policy) -> Result:
    """Put plans, a roster, scripts or a budget in force, or refuse them with the reasons.

    A roster is checked together with the plans: it must not leave a plan without its always-staffed last step.
    """
    if isinstance(command, SaveValues):
        return _save_values(editions, command)
    if isinstance(command, SaveTerms):
        return _save_terms(editions, command)
    if isinstance(command, SavePlans):
        kind, number, body = PLANS, editions.plans_number, msgspec.json.encode(command.plans)
        after = msgspec.structs.replace(editions, plans=command.plans)
    elif isinstance(command, SaveScripts):
        kind, number, body = SCRIPTS, editions.scripts_number, msgspec.json.encode(command.scripts)
        after = msgspec.structs.replace(editions, scripts=command.scripts)
    elif isinstance(command, SaveBudget):
        kind, number, body = BUDGET, editions.budget_number, msgspec.json.encode(command.budget)
        after = msgspec.structs.replace(editions, budget=command.budget)
    else:
        kind, number, body = ROSTER, editions.roster_number, msgspec.json.encode(command.roster)
        after = msgspec.structs.replace(editions, roster=command.roster)
    if command.based_on != number:
        return editions, [Answered(refused="edited_meanwhile")]
    if isinstance(command, SaveScripts):
        reasons = script_flaws.flaws(command.scripts, policy.priorities)
    else:
        reasons = spending.flaws(after.budget) if kind == BUDGET else why_not(after, now, policy)
    if reasons:
        return editions, [Answered(refused=f"bad_{kind}", reasons=tuple(reasons))]
    saved = EditionSaved(number=editions.number + 1, kind=kind, body=body.decode(), by=command.by, note=command.note)
    return taken(after, saved), [saved, Answered()]


def _save_values(editions: Editions, command: SaveValues) -> Result:
    """Other times of the work, each within its bounds; or those of the settings again."""
    if command.based_on != editions.values_number:
        return editions, [Answered(refused="edited_meanwhile")]
    reasons = flaws(command.changes)
    if reasons:
        return editions, [Answered(refused="bad_values", reasons=tuple(reasons))]
    values = None if command.as_set else with_changes(command.changes)
    body = msgspec.json.encode(values).decode()
    saved = EditionSaved(number=editions.number + 1, kind=VALUES, body=body, by=command.by, note=command.note)
    return taken(msgspec.structs.replace(editions, values=values, values_lack=()), saved), [saved, Answered()]


def _save_terms(editions: Editions, command: SaveTerms) -> Result:
    """Other terms of one group, each within its bounds; or those of the settings again."""
    group = GROUPS.get(command.group)
    if group is None:
        return editions, [Answered(refused="no_terms")]
    if command.based_on != editions.terms_numbers.get(group.kind, 0):
        return editions, [Answered(refused="edited_meanwhile")]
    if not command.as_set and (reasons := group.flaws(command.numbers)):
        return editions, [Answered(refused="bad_values", reasons=tuple(reasons))]
    terms = None if command.as_set else group.build(command.numbers)
    body = msgspec.json.encode(terms).decode()
    saved = EditionSaved(number=editions.number + 1, kind=group.kind, body=body, by=command.by, note=command.note)
    in_force = msgspec.structs.replace(editions.terms, **{group.kind: terms})
    return taken(msgspec.structs.replace(editions, terms=in_force), saved), [saved, Answered()]


def why_not(editions: Editions, now: datetime, policy: Policy) -> list[str]:
    """What is wrong with plans and roster as they would be in force; empty when nothing is."""
    people = editions.people
    found = rosters.flaws(editions.roster, people.persons.__contains__, frozenset(people.areas))
    return found + plan_flaws(editions, policy.duty_phones, now)


def known(editions: Editions, people: People) -> Result:
    """The registry's people, as a new edition; none when they are in force already.

    What changes in one home is saved as that change alone: whole editions would be megabytes each.
    """
    change = change_of(editions.people, people)
    if editions.people_number and change == PeopleChange():
        return editions, []
    is_small = len(change) * 2 < len(people.persons) + len(people.homes)
    alone = bool(editions.people_number) and is_small and editions.people_changes < WHOLE_AFTER
    kind, body = (PEOPLE_CHANGE, msgspec.json.encode(change)) if alone else (PEOPLE, msgspec.json.encode(people))
    saved = EditionSaved(number=editions.number + 1, kind=kind, body=body.decode())
    return taken(msgspec.structs.replace(editions, people=people), saved), [saved]


def priced(editions: Editions, price: Price) -> Result:
    """The city's price, as an edition of its own."""
    saved = EditionSaved(number=editions.number + 1, kind=PRICE, body=msgspec.json.encode(price).decode())
    return taken(msgspec.structs.replace(editions, price=price), saved), [saved]


def settled(editions: Editions, policy: Policy) -> Result:
    """The centre's settings, as a new edition; none when they are those that were saved last.

    They enter every decision: an older day is judged again by those of its own edition.
    """
    editions, news = _values_completed(editions)
    plain = msgspec.structs.replace(policy, editions=Editions())
    if settings_from(editions) == plain:
        return editions, news
    body = msgspec.json.encode(plain).decode()
    saved = EditionSaved(number=editions.number + 1, kind=SETTINGS, body=body)
    return taken(msgspec.structs.replace(editions, settings=body), saved), [*news, saved]


def _values_completed(editions: Editions) -> Result:
    """Times that a new release brings have their usual values also where others were saved before it, from now on.

    In the edition that was saved they stay off: what was decided by it is decided so again.
    """
    if editions.values is None or not editions.values_lack:
        return editions, []
    new = usual()
    values = msgspec.structs.replace(editions.values, **{name: getattr(new, name) for name in editions.values_lack})
    saved = EditionSaved(number=editions.number + 1, kind=VALUES, body=msgspec.json.encode(values).decode())
    return taken(msgspec.structs.replace(editions, values=values, values_lack=()), saved), [saved]


def settings_from(editions: Editions) -> Policy | None:
    """The settings of these editions, without editions; None when none were saved, or in a form no longer known."""
    try:
        return msgspec.json.decode(editions.settings, type=Policy) if editions.settings else None
    except msgspec.MsgspecError:
        return None


def in_force(saved: list[EditionSaved], present: Policy) -> Policy:
    """What was in force with these stored editions. Settings that were not saved yet are the present ones."""
    then = loaded(saved)
    return msgspec.structs.replace(settings_from(then) or present, editions=then)


def taken(editions: Editions, saved: EditionSaved) -> Editions:
    """Editions of which one has just become this number."""
    if saved.kind in TYPES:
        of_terms = editions.terms_numbers | {saved.kind: saved.number}
        return msgspec.structs.replace(editions, number=max(editions.number, saved.number), terms_numbers=of_terms)
    numbers = {"number": max(editions.number, saved.number), f"{saved.kind}_number": saved.number}
    if saved.kind in {PEOPLE, PEOPLE_CHANGE}:
        numbers["people_changes"] = 0 if saved.kind == PEOPLE else editions.people_changes + 1
    return msgspec.structs.replace(editions, **numbers)


def loaded(saved: list[EditionSaved]) -> Editions:
    """Editions from the latest of each kind, as stored; of changes of the people all after the latest whole one."""
    editions = Editions()
    for edition in saved:
        body = edition.body.encode()
        if edition.kind in OF_ONE_FIELD:
            editions = msgspec.structs.replace(editions, **{edition.kind: OF_ONE_FIELD[edition.kind](body)})
        elif edition.kind == VALUES:
            editions = msgspec.structs.replace(editions, values=values_from(body), values_lack=_lacking(body))
        elif edition.kind in TYPES:
            terms = msgspec.structs.replace(editions.terms, **{edition.kind: terms_from(edition.kind, body)})
            editions = msgspec.structs.replace(editions, terms=terms)
        elif edition.kind == SETTINGS:
            editions = msgspec.structs.replace(editions, settings=edition.body)
        elif edition.kind == PEOPLE_CHANGE:
            change = msgspec.json.decode(body, type=PeopleChange)
            editions = msgspec.structs.replace(editions, people=editions.people.after(change))
        elif edition.kind == PEOPLE:
            editions = msgspec.structs.replace(editions, people=msgspec.json.decode(body, type=People))
        else:  # of a later release, before somebody went back to this one: its number is taken, it says nothing here
            editions = msgspec.structs.replace(editions, number=max(editions.number, edition.number))
            continue
        editions = taken(editions, edition)
    return editions


def kept(editions: Editions) -> tuple[EditionSaved, ...]:
    """The latest of each kind as ``loaded`` takes them, for a copy outside the store."""
    bodies = (
        (editions.plans_number, PLANS, editions.plans),
        (editions.roster_number, ROSTER, editions.roster),
        (max(editions.people_number, editions.people_change_number), PEOPLE, editions.people),
        (editions.scripts_number, SCRIPTS, editions.scripts),
        (editions.budget_number, BUDGET, editions.budget),
        (editions.price_number, PRICE, editions.price),
        (editions.values_number, VALUES, editions.values),
        *((number, kind, getattr(editions.terms, kind)) for kind, number in editions.terms_numbers.items()),
    )
    saved = (EditionSaved(number=n, kind=kind, body=msgspec.json.encode(it).decode()) for n, kind, it in bodies if n)
    return tuple(sorted(saved, key=lambda edition: edition.number))


def usable(editions: Editions, now: datetime, policy: Policy) -> tuple[Editions, list[str]]:
    """What of stored editions can be used, and what is wrong: with flawed plans the built-in ones are in force."""
    people = editions.people
    wrong = rosters.flaws(editions.roster, people.persons.__contains__, frozenset(people.areas))
    flawed = plan_flaws(editions, policy.duty_phones, now)
    if flawed:
        editions = msgspec.structs.replace(editions, plans=())
    return editions, wrong + flawed


def plans_from(body: bytes) -> tuple[Plan, ...]:
    """Plans from an edition's body."""
    return msgspec.json.decode(body, type=tuple[Plan, ...])


def scripts_from(body: bytes) -> tuple[Script, ...]:
    """Scripts from an edition's body."""
    return msgspec.json.decode(body, type=tuple[Script, ...])


def roster_from(body: bytes) -> Roster:
    """A roster from an edition's body."""
    return msgspec.json.decode(body, type=Roster)


def budget_from(body: bytes) -> Budget:
    """A budget from an edition's body."""
    return msgspec.json.decode(body, type=Budget)


def values_from(body: bytes) -> Values | None:
    """Times of the work from an edition's body; None: those of the settings."""
    return msgspec.json.decode(body, type=Values | None)


def _lacking(body: bytes) -> tuple[str, ...]:
    there = msgspec.json.decode(body) or Values.__struct_fields__
    return tuple(name for name in Values.__struct_fields__ if name not in there)


def price_from(body: bytes) -> Price:
    """A price from an edition's body."""
    return msgspec.json.decode(body, type=Price)


OF_ONE_FIELD: dict[str, Callable[[bytes], object]] = {
    PLANS: plans_from,
    ROSTER: roster_from,
    SCRIPTS: scripts_from,
    BUDGET: budget_from,
    PRICE: price_from,
}
"""What reads an edition of a kind that is the field of its name, whole."""
