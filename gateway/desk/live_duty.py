"""The Desk's side for duty, of a running gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta

from alerting.casefile import Household
from alerting.duty import outlook
from alerting.duty.candidates import Candidate, Moment, candidates, skills_for
from alerting.duty.editions import PLANS, ROSTER, SCRIPTS, VALUES, scripts_from, values_from, why_not
from alerting.duty.plan import Plan
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Post, Roster, Shift, local, on_duty
from alerting.duty.trial import Trial, tried, with_drafts
from alerting.events import PageAccepted, PageGivenBack, SaidByCalled
from alerting.incidents import script_flaws
from alerting.incidents.rehearsal import Act, Rehearsed, rehearse
from alerting.incidents.script import Script
from alerting.incidents.standard_scripts import STANDARD
from alerting.model import AlarmKind, Incident, Priority
from alerting.policy import Policy
from alerting.terms import terms_from
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.desk.changes import Changes
from gateway.desk.contract import Answer
from gateway.desk.duty_desk import (
    ClimbView,
    DutyView,
    NextStep,
    OnDuty,
    PlanView,
    SavedTerms,
    SavedValues,
    ScriptsView,
    TermsView,
    ValuesView,
)
from gateway.desk.duty_watch import DutyWatch
from gateway.store.editions import Saved
from gateway.writing.directory import Directory
from gateway.writing.work import CommandAsked
from gateway.writing.writer import Writer

COMMAND_TIMEOUT_S = 15.0
NIGHT_H = 22
SCRIPTS_SHOWN = 100


class LiveDuty:
    """See ``gateway.desk.duty_desk.DutyDesk`` for what each question means.

    Args:
        directory: The registry in memory.
        saved: Questions about saved editions.
        writer: Where acceptances go; holds the policy in force.
        watch: Looks ahead for gaps in cover.
        changes: Who is on a job.
        clock: Service time.
    """

    def __init__(
        self,
        directory: Directory,
        saved: Saved,
        writer: Writer,
        watch: DutyWatch,
        changes: Changes,
        clock: Clock,
    ) -> None:
        """Answer from these parts."""
        self._directory = directory
        self._saved = saved
        self._writer = writer
        self._watch = watch
        self._changes = changes
        self._clock = clock
        self._ask = Asking().ask
        self._scripts: dict[int, tuple[Script, ...]] = {0: STANDARD}

    @property
    def policy(self) -> Policy:
        """What is in force now."""
        return self._writer.judge.policy

    async def value_editions(self) -> ValuesView:
        """The values in force and what was saved, the latest first."""
        policy = self.policy
        return ValuesView(
            values=policy.values,
            as_set=policy.own_values,
            number=policy.editions.values_number,
            is_saved=policy.editions.values is not None,
            history=tuple(await self._ask([], self._saved.history, (VALUES,))),
        )

    async def saved_values(self, number: int) -> SavedValues | None:
        """A saved edition by its number."""
        found = await self._ask(None, self._saved.one, number)
        if found is None or found[0] != VALUES:
            return None
        return SavedValues(values_from(found[1].encode()))

    async def terms_of(self, group: str) -> TermsView:
        """The terms of a group in force and what was saved, the latest first."""
        policy = self.policy
        saved, as_set = getattr(policy.editions.terms, group), getattr(policy.own_terms, group)
        return TermsView(
            terms=saved or as_set,
            as_set=as_set,
            number=policy.editions.terms_numbers.get(group, 0),
            is_saved=saved is not None,
            history=tuple(await self._ask([], self._saved.history, (group,))),
        )

    async def saved_terms(self, group: str, number: int) -> SavedTerms | None:
        """A saved edition of a group."""
        found = await self._ask(None, self._saved.one, number)
        if found is None or found[0] != group:
            return None
        return SavedTerms(terms_from(group, found[1].encode()))

    async def accept(self, incident: str, by: str, how: str) -> Answer:
        """Somebody who was paged takes care of an incident."""
        return await self._said(PageAccepted(incident=incident, by=self._known_as(incident, by), how=how), "")

    async def give_back(self, incident: str, by: str, how: str, why: str, once: str) -> Answer:
        """Somebody who has accepted an incident, or is on the way, cannot go any more."""
        return await self._said(PageGivenBack(incident=incident, by=by, how=how, why=why), once)

    async def _said(self, event: SaidByCalled, once: str) -> Answer:
        answer: Future[Answer] = Future()
        self._writer.inbox.put(CommandAsked(event, once, answer), urgent=True)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), COMMAND_TIMEOUT_S)
        except TimeoutError:
            return Answer(incident=event.incident, refused="busy")

    def _known_as(self, incident: str, by: str) -> str:
        """Somebody who signs in may have been paged as the responder they are."""
        account = self._directory.accounts.get(by)
        chain = self.policy.chain(incident.rpartition("-")[0])
        if account is not None and account.responder and chain.person(by) is None:
            return f"{RESPONDER}{account.responder}"
        return by

    async def candidates(
        self,
        household: str,
        incident: str,
        kinds: Collection[AlarmKind],
        refused: Collection[str],
        silent: Collection[str] = (),
    ) -> Sequence[Candidate]:
        """Who could go to a home now, whoever would be inside first on top."""
        home, editions = self._directory.households.get(household), self.policy.editions
        if home is None:
            return ()
        moment = Moment(
            at=self._clock.now(),
            roster=editions.roster,
            busy=self._changes.on_jobs(incident),
            refused=refused,
            silent=silent,
            skills=skills_for(kinds, home),
            can_reach=editions.can_reach,
        )
        return candidates(home, self._directory.whereabouts, moment)

    async def duty(self) -> DutyView:
        """Plans, roster and people in force."""
        editions, now = self.policy.editions, self._clock.now()
        wall = local(editions.roster, now)
        night = wall.replace(hour=NIGHT_H, minute=0, second=0, microsecond=0)
        tonight = now + (night - wall) if night > wall else now + (night + timedelta(days=1) - wall)
        return DutyView(
            editions=editions,
            duty_phones=self.policy.duty_phones,
            wrong=self._watch.wrong,
            gaps=self._watch.gaps(),
            now=self._on_duty(now),
            tonight=self._on_duty(tonight),
            history=tuple(await self._ask([], self._saved.history, (PLANS, ROSTER))),
        )

    def _on_duty(self, at: datetime) -> tuple[OnDuty, ...]:
        roster, areas = self.policy.editions.roster, self.policy.editions.people.areas
        standing: tuple[Post | Shift, ...] = (*roster.posts, *roster.shifts)
        posts = dict.fromkeys((it.role, it.area) for it in standing)
        return tuple(
            OnDuty(
                role=role,
                area=area,
                area_name=areas.get(area, area),
                names=self._names(on_duty(roster, role, area, at)),
            )
            for role, area in posts
        )

    def _names(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._directory.name_of(person) for person in people)

    async def edition(self, number: int) -> tuple[str, str] | None:
        """Kind and JSON body of a saved edition."""
        return await self._ask(None, self._saved.one, number)

    async def scripts(self) -> ScriptsView:
        """The scripts in force and their past."""
        in_force = self.policy.editions
        history = tuple(await self._ask([], self._saved.history, (SCRIPTS,), SCRIPTS_SHOWN))
        return ScriptsView(scripts=in_force.scripts_in_force, number=in_force.scripts_number, history=history)

    async def scripts_numbered(self, number: int) -> tuple[Script, ...] | None:
        """The scripts of an edition. They never change, so each is read once."""
        in_force = self.policy.editions
        if number == in_force.scripts_number:
            return in_force.scripts_in_force
        if number not in self._scripts:
            found = await self.edition(number)
            if found is None or found[0] != SCRIPTS:
                return None
            self._scripts[number] = scripts_from(found[1].encode())
        return self._scripts[number]

    async def rehearsed(
        self, kind: AlarmKind, acts: Sequence[Act], home: Household, began: datetime, by: str
    ) -> Rehearsed:
        """What would become of a made-up incident."""
        return rehearse(kind, acts, home, began, self.policy, by)

    async def script_flaws(self, scripts: Sequence[Script]) -> Sequence[str]:
        """Why these scripts could not be put in force now."""
        return script_flaws.flaws(scripts, self.policy.priorities)

    async def duty_flaws(self, plans: Sequence[Plan] | None, roster: Roster | None) -> Sequence[str]:
        """Why these plans, or this roster, could not be put in force now."""
        policy, now = with_drafts(self.policy, plans, roster), self._clock.now()
        return await asyncio.to_thread(why_not, policy.editions, now, policy)

    async def trial_run(
        self,
        home: str,
        priority: Priority,
        at: datetime,
        plans: Sequence[Plan] | None = None,
        roster: Roster | None = None,
    ) -> Trial:
        """Who would be called."""
        return await asyncio.to_thread(tried, home, priority, at, with_drafts(self.policy, plans, roster))

    async def plans_of(self, household: str) -> Sequence[PlanView]:
        """The plans that apply to a home now."""
        if household not in self._directory.households:
            return []
        now, policy = self._clock.now(), self.policy
        plans = [policy.plan_for(priority, household, now) for priority in Priority]
        chain = policy.chain(household)
        return [
            PlanView(
                plan=plan,
                steps=tuple(
                    (step.after_s, step.level.value, tuple(person.name for person in chain.called_by(step, now)))
                    for step in plan.steps
                ),
            )
            for plan in plans
            if plan is not None
        ]

    def climb_view(self, incident: Incident) -> ClimbView | None:
        """How the escalation of an incident stands; None once somebody has it."""
        ladder, now, policy = incident.ladder, self._clock.now(), self.policy
        if ladder.since is None and ladder.accepted_until is None:
            return None
        began = ladder.since or ladder.accepted_until or now
        plan = policy.plan_for(incident.priority, incident.key, began)
        return ClimbView(
            plan=plan.name if plan is not None else "",
            level=ladder.level or "",
            calling=outlook.calling(incident, now, policy),
            accepted_by=self._directory.name_of(ladder.accepted_by) if ladder.accepted_by else "",
            accepted_at=ladder.accepted_at,
            accepted_until=ladder.accepted_until,
            coming=tuple(
                NextStep(at=it.at, level=it.level.value, names=it.people, channel=it.channel)
                for it in outlook.coming(incident, now, policy)
            ),
        )
