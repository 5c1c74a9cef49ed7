"""The Desk's side for duty: who is called about an incident, who is on duty, plans and rosters and their editions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from alerting.casefile import Household, Responder
from alerting.duty.candidates import Candidate
from alerting.duty.chain import CoverGap, Editions
from alerting.duty.plan import Plan
from alerting.duty.roster import Roster
from alerting.duty.trial import Trial
from alerting.incidents.rehearsal import Act, Rehearsed
from alerting.incidents.script import Script
from alerting.incidents.standard_scripts import STANDARD
from alerting.incidents.values import Values
from alerting.model import AlarmKind, Priority
from alerting.terms import AnyTerms
from gateway.drills.asked import DrillDesk
from gateway.figures.asked import FiguresDesk

if TYPE_CHECKING:
    from gateway.desk.contract import Answer


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing an escalation will do.

    Attributes:
        at: When, if nobody takes the incident before.
        level: Word of the escalation level.
        names: Who is called, as it looks now.
        channel: Only this channel of theirs; empty: as their order says.
    """

    at: datetime
    level: str
    names: tuple[str, ...]
    channel: str = ""


class ClimbView(msgspec.Struct, frozen=True, kw_only=True):
    """How the escalation of an incident stands.

    Attributes:
        plan: Name of the plan; empty for the built-in one.
        level: How high it has climbed; empty: not yet.
        calling: Names of those whom the latest step calls.
        accepted_by: Name of who has accepted.
        accepted_at: When.
        accepted_until: Until when that holds.
        coming: What comes next, the next first.
    """

    plan: str
    level: str
    calling: tuple[str, ...] = ()
    accepted_by: str = ""
    accepted_at: datetime | None = None
    accepted_until: datetime | None = None
    coming: tuple[NextStep, ...] = ()


class EditionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One saved edition in a list."""

    number: int
    kind: str
    at: datetime
    by: str
    note: str


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands for a role in an area at one moment. ``names`` is empty when nobody does."""

    role: str
    area: str
    area_name: str
    names: tuple[str, ...]


class DutyView(msgspec.Struct, frozen=True, kw_only=True):
    """Plans, roster and people in force.

    Attributes:
        editions: All three.
        duty_phones: Names of the duty telephones.
        wrong: Why stored plans or the roster cannot be used as they are; empty when they can.
        gaps: Where nobody can be called within the next 24 hours.
        now: Who is on duty now, by role and area of the roster.
        tonight: The same at the next 22:00.
        history: The latest editions, the latest first.
    """

    editions: Editions
    duty_phones: tuple[str, ...]
    wrong: tuple[str, ...]
    gaps: tuple[CoverGap, ...]
    now: tuple[OnDuty, ...]
    tonight: tuple[OnDuty, ...]
    history: tuple[EditionRow, ...]


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """The plan that applies to one home now, and whom each of its steps would call; (step, names) in order."""

    plan: Plan
    steps: tuple[tuple[int, str, tuple[str, ...]], ...]


class ScriptsView(msgspec.Struct, frozen=True, kw_only=True):
    """The scripts in force and their past.

    Attributes:
        scripts: What to do, in their order.
        number: Number of their edition; 0: the standard ones.
        history: The latest editions of scripts, the latest first.
    """

    scripts: tuple[Script, ...]
    number: int
    history: tuple[EditionRow, ...]


class WorkedByScripts(msgspec.Struct, frozen=True, kw_only=True):
    """What is worked by scripts: those of the edition that was in force when it began, and its number."""

    scripts: tuple[Script, ...] = STANDARD
    scripts_number: int = 0
    """0: the standard ones."""


class MemberRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home of an area incident: since when, since when it is back, and its own running incident.

    ``state``, ``claimed_by``, ``responder``, ``accepted`` and ``arrived`` are those of its own incident, as in the
    queue; ``responders`` are those who may be sent there, the nearest first.
    """

    key: str
    resident: str
    address: str
    town: str
    village: str
    tier: str
    since: datetime
    back: datetime | None = None
    open_incident: str = ""
    state: str = ""
    claimed_by: str = ""
    responder: str = ""
    responder_name: str = ""
    accepted: bool = False
    arrived: bool = False
    responders: tuple[Responder, ...] = ()


class ValuesView(msgspec.Struct, frozen=True, kw_only=True):
    """Times of the work on an incident.

    Attributes:
        values: In force.
        as_set: As the settings have them.
        number: Of the latest saved edition; 0: none was saved.
        is_saved: What was saved is in force, not the settings.
        history: What was saved, the latest first.
    """

    values: Values
    as_set: Values
    number: int
    is_saved: bool
    history: tuple[EditionRow, ...]


class TermsView(msgspec.Struct, frozen=True, kw_only=True):
    """One group of the centre's other terms.

    Attributes:
        terms: In force.
        as_set: As the settings have them.
        number: Of the latest saved edition of the group; 0: none was saved.
        is_saved: What was saved is in force, not the settings.
        history: What was saved, the latest first.
    """

    terms: AnyTerms
    as_set: AnyTerms
    number: int
    is_saved: bool
    history: tuple[EditionRow, ...]


class SavedValues(msgspec.Struct, frozen=True):
    """An edition of the values; None in it: it put the settings' in force."""

    values: Values | None


class SavedTerms(msgspec.Struct, frozen=True):
    """An edition of a group of terms; None in it: it put the settings' in force."""

    terms: AnyTerms | None


class DutyDesk(FiguresDesk, DrillDesk, Protocol):
    """What a screen may ask about duty, and about how well it is done."""

    async def value_editions(self) -> ValuesView:
        """The values in force and what was saved, the latest first."""

    async def saved_values(self, number: int) -> SavedValues | None:
        """A saved edition by its number; None when there is none, or when the store has no answer."""

    async def terms_of(self, group: str) -> TermsView:
        """The terms of a group in force and what was saved, the latest first; groups as in ``term_groups``."""

    async def saved_terms(self, group: str, number: int) -> SavedTerms | None:
        """A saved edition of a group; None when there is none, or when the store has no answer."""

    async def accept(self, incident: str, by: str, how: str) -> Answer:
        """Somebody who was paged takes care of an incident; answers after the commit. The first counts.

        Args:
            incident: Incident id.
            by: Person id: a login, ``responder:<id>``, or the name of a duty telephone.
            how: ``link``, ``key`` or ``console``.
        """

    async def give_back(self, incident: str, by: str, how: str, why: str, once: str) -> Answer:
        """Somebody who has accepted an incident, or is on the way, cannot go any more; answers after the commit.

        Args:
            incident: Incident id.
            by: Person id under which they have it.
            how: ``link`` or ``console``.
            why: The reason; may be empty.
            once: Idempotency key; the same again gives the first answer.
        """

    async def duty(self) -> DutyView:
        """Plans, roster and people in force."""

    async def edition(self, number: int) -> tuple[str, str] | None:
        """Kind and JSON body of a saved edition."""

    async def scripts(self) -> ScriptsView:
        """The scripts in force and their past."""

    async def scripts_numbered(self, number: int) -> tuple[Script, ...] | None:
        """The scripts of an edition; of 0 the standard ones; None when there is no such edition of scripts."""

    async def rehearsed(
        self, kind: AlarmKind, acts: Sequence[Act], home: Household, began: datetime, by: str
    ) -> Rehearsed:
        """What would become of a made-up incident by the rules in force. Nothing is recorded, nobody is called."""

    async def script_flaws(self, scripts: Sequence[Script]) -> Sequence[str]:
        """Why these scripts could not be put in force now; empty when they can. Saves nothing."""

    async def duty_flaws(self, plans: Sequence[Plan] | None, roster: Roster | None) -> Sequence[str]:
        """Why these plans, or this roster, could not be put in force now; None: as they are. Saves nothing."""

    async def trial_run(
        self,
        home: str,
        priority: Priority,
        at: datetime,
        plans: Sequence[Plan] | None = None,
        roster: Roster | None = None,
    ) -> Trial:
        """Who would be called about an incident that rings in a home at a moment and that nobody takes.

        Calls nobody, records nothing. Plans and roster: unsaved ones; None: those in force.
        """

    async def candidates(
        self,
        household: str,
        incident: str,
        kinds: Collection[AlarmKind],
        refused: Collection[str],
        silent: Collection[str] = (),
    ) -> Sequence[Candidate]:
        """Who could go to a home now, whoever would be inside first on top.

        Args:
            household: The home; an unknown one has none.
            incident: The incident they would go to: a job of this one makes nobody busy.
            kinds: What happened, which says what skills are wanted.
            refused: Responders who have said that they cannot go to it.
            silent: Responders who have said that they go to it, and of whom nothing is heard.
        """

    async def plans_of(self, household: str) -> Sequence[PlanView]:
        """The plans that apply to a home now, one for each priority that has one; empty for an unknown home."""
