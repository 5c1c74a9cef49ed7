"""The Desk of a running gateway: commands to the writer, changes from it, reads from the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime

import msgspec

from alerting.areas.member import area_of
from alerting.audit import Watch
from alerting.casefile import Account, Area, Bridge, Household, Responder, Role, covers
from alerting.commands import AnyCommand, Dispatch, EndShift, HandOver
from alerting.enrolment.commands import ImportHouseholds
from alerting.homes.fix import fix_of
from alerting.homes.state import HouseholdState, Memory
from alerting.incidents.script import Script
from alerting.incidents.values import Values
from alerting.keeping import id_number
from alerting.keeping.completeness import completeness
from alerting.keeping.consent import ConsentFor, standing
from alerting.keeping.leaving import is_erased
from alerting.model import Aggregate, FaultKind, Incident, RiskTier
from gateway.absence.live import LiveAbsences
from gateway.aftercare.live import LiveAftercare
from gateway.budget.live import LiveBudget
from gateway.care.live_side import LiveCareSide
from gateway.clock import Clock
from gateway.desk.attendance import Attendance
from gateway.desk.changes import Changes
from gateway.desk.contract import (
    ActivityWindow,
    Answer,
    BlindRow,
    Change,
    ConsoleSeen,
    FaultView,
    HouseholdRow,
    HouseholdView,
    IncidentView,
    QuarantineView,
    QueueRow,
    ShiftView,
    Snapshot,
)
from gateway.desk.duty_watch import DutyWatch
from gateway.desk.live_duty import COMMAND_TIMEOUT_S, LiveDuty
from gateway.desk.long_lists import HOMES_A_PART, bring_and_register
from gateway.desk.rows import blind_row, device_views, member_rows, people_named, queue_row, rhythm_view
from gateway.desk.vitals import Health
from gateway.drills.live import LiveDrills
from gateway.equipment.live import LiveEquipment
from gateway.equipment.live_repairs import LiveRepairs
from gateway.exchange.live_exchange import ExchangeParts, LiveExchange
from gateway.figures.live import LiveFigures
from gateway.paging.live_outside import LiveOutside, OutsideParts
from gateway.registry.live_assessments import LiveAssessments
from gateway.registry.live_case import LiveCase
from gateway.registry.live_keeping import LiveKeeping
from gateway.registry.live_registry import LiveRegistry
from gateway.self_supervision.health import Pulse
from gateway.store.editions import Saved
from gateway.store.equipment import EquipmentReads
from gateway.store.reads import Reads
from gateway.writing.directory import Directory
from gateway.writing.unrecorded import of_emergency
from gateway.writing.work import CommandAsked, ConsolesTold
from gateway.writing.writer import Writer

NOTHING_KNOWN = QuarantineView(total=0, by_reason={}, rows=())


class LiveDesk(
    LiveDuty,
    LiveEquipment,
    LiveRepairs,
    LiveRegistry,
    LiveCase,
    LiveAssessments,
    LiveKeeping,
    LiveOutside,
    LiveAftercare,
    LiveAbsences,
    LiveBudget,
    LiveFigures,
    LiveDrills,
    LiveCareSide,
    LiveExchange,
):
    """See ``gateway.desk.contract.Desk`` for what each question means.

    Args:
        directory: The registry in memory.
        reads: Questions to the store. While it is away the screens show what is known without it.
        writer: Where commands go.
        changes: What is open and what changed.
        pulse: How the gateway is.
        clock: Service time.
        saved: Questions about saved plans and rosters.
        watch: Looks ahead for gaps in cover.
        outside: What is needed for those who are not at the desk.
        equipment: Questions to the store about equipment.
        exchange: What is needed for other systems.
    """

    def __init__(
        self,
        directory: Directory,
        reads: Reads,
        writer: Writer,
        changes: Changes,
        pulse: Pulse,
        clock: Clock,
        saved: Saved,
        watch: DutyWatch,
        outside: OutsideParts,
        equipment: EquipmentReads,
        exchange: ExchangeParts,
    ) -> None:
        """Answer from these parts."""
        LiveDuty.__init__(self, directory, saved, writer, watch, changes, clock)
        LiveRegistry.__init__(self, directory, reads, writer)
        LiveCase.__init__(self, reads.case_files, directory)
        LiveAssessments.__init__(self, directory, writer, clock)
        LiveKeeping.__init__(self, directory, self.today, reads)
        LiveEquipment.__init__(self, equipment, directory, writer, changes, clock)
        LiveRepairs.__init__(self, equipment.faults, reads, directory, writer, clock)
        LiveOutside.__init__(self, outside, directory, writer, clock)
        LiveAftercare.__init__(self, directory, reads, changes, writer)
        LiveAbsences.__init__(self, directory, reads, writer, changes, outside.relatives, clock)
        LiveExchange.__init__(self, exchange, directory, clock)
        LiveBudget.__init__(self, directory, saved, writer, clock)
        LiveFigures.__init__(self, reads)
        LiveDrills.__init__(self, writer, reads, changes, outside, clock)
        LiveCareSide.__init__(self, writer, reads, clock)
        self._reads = reads
        self._changes = changes
        self._pulse = pulse
        self._attendance = Attendance()

    def now(self) -> datetime:
        """Service time."""
        return self._clock.now()

    async def submit(self, command: AnyCommand, *, once: str = "") -> Answer:
        """Carry out a command; answers after the commit."""
        if isinstance(command, Dispatch) and not self.may_be_sent(command.responder, command.key):
            return Answer(incident=command.incident, refused="unknown_responder")
        if isinstance(command, HandOver | EndShift) and not self._answers_calls(command.to):
            return Answer(incident=command.incident, refused="unknown_operator")
        if isinstance(command, ImportHouseholds) and len(command.homes) > HOMES_A_PART:
            return await bring_and_register(self._carry_out, command, once, self.as_saved)
        return await self._carry_out(command, once)

    async def _carry_out(self, command: AnyCommand, once: str) -> Answer:
        answer: Future[Answer] = Future()
        self._writer.inbox.put(CommandAsked(command, once, answer), urgent=True)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), COMMAND_TIMEOUT_S)
        except TimeoutError:
            return Answer(incident=command.incident, refused="busy")

    def _answers_calls(self, login: str) -> bool:
        account = self._directory.accounts.get(login)
        return account is not None and not account.shut and account.role in {Role.OPERATOR, Role.ADMINISTRATOR}

    async def consoles(self, seen: Sequence[ConsoleSeen]) -> None:
        """Tell whose consoles are here; only what is news goes to the writer."""
        news = self._attendance.news(seen, self.now())
        if news is None:
            return
        done: Future[None] = Future()
        done.add_done_callback(self._attendance.told)
        self._writer.inbox.put(ConsolesTold(news, done))

    def watches(self) -> Sequence[Watch]:
        """Whose consoles are here, for the auditor. From any thread."""
        return self._attendance.watches()

    async def shifts(self) -> Sequence[ShiftView]:
        """Lists of whole shifts that wait to be accepted."""
        states, views = self._writer.judge.states, list[ShiftView]()
        for of, shift in states.desk.shifts.items():
            running = [states.running_as(incident) for _, incident in shift.theirs]
            rows = [self._row(it) for it in running if it is not None and it.offer and it.offer.to == shift.to]
            name = self._directory.name_of
            view = ShiftView(
                of=of, of_name=name(of), to=shift.to, to_name=name(shift.to), until=shift.until, rows=tuple(rows)
            )
            views.append(view)
        return views

    async def values(self) -> Values:
        """Times of the work on an incident."""
        return self.policy.values

    def changes(self, after: str) -> AsyncIterator[Change]:
        """Changes after a cursor, then as they come."""
        return self._changes.after(after)

    async def snapshot(self, area: str = "") -> Snapshot:
        """All open incidents and the cursor to go on from."""
        return self._changes.snapshot(self.now(), area)

    async def incident(self, incident: str) -> IncidentView | None:
        """One incident, open or closed. By the number it had without a store: the one the home has open now."""
        found = await self._ask(None, self._reads.incident, incident)
        it, timeline = found or (self._writer.judge.states.running_as(incident), [])
        fresh = self._writer.unrecorded.incident(incident)
        if fresh is not None:
            it, timeline = fresh[0], [*timeline, *fresh[1]]
        if it is None:
            now_open = self._changes.open_of(incident.rpartition("-")[0]) if of_emergency(incident) else ""
            return await self.incident(now_open) if now_open not in {"", incident} else None
        home = await self.household(it.key) if it.aggregate is Aggregate.HOUSEHOLD else None
        state = self._writer.judge.states.strays.get(it.key)
        view = IncidentView(
            incident=it,
            row=self._row(it),
            timeline=tuple(timeline),
            home=home,
            stray=it.key.lstrip("~").replace("~", " / ") if it.aggregate is Aggregate.DEVICE else "",
            named=people_named(it, timeline, self._directory),
            last_home=self._directory.households.get(state.last_home) if state is not None else None,
            climb=self.climb_view(it),
        )
        scripts, number = await self._scripts_of(it)
        view = msgspec.structs.replace(view, scripts=scripts, scripts_number=number)
        return view if it.aggregate is not Aggregate.AREA else self._of_area(view)

    def _of_area(self, view: IncidentView) -> IncidentView:
        """With the homes, and who answers for the area."""
        it = view.incident
        members = member_rows(it, self._directory, self._changes.running_in)
        responders = self._directory.responders_of(area_of(it.key), (member.home for member in it.members))
        return msgspec.structs.replace(view, members=members, responders=responders)

    async def _scripts_of(self, incident: Incident) -> tuple[tuple[Script, ...], int]:
        """The scripts with which it began, and their number; where these cannot be read, those in force now."""
        scripts = await self.scripts_numbered(incident.scripts)
        if scripts is not None:
            return scripts, incident.scripts
        in_force = self.policy.editions
        return in_force.scripts_in_force, in_force.scripts_number

    async def _incident(self, incident: str) -> Incident | None:
        view = await self.incident(incident)
        return None if view is None else view.incident

    async def closed(self, area: str = "", limit: int = 200) -> Sequence[QueueRow]:
        """Closed incidents, latest first."""
        return [self._row(it) for it in await self._ask([], self._reads.closed_incidents, area, limit)]

    async def household(self, key: str) -> HouseholdView | None:
        """One home."""
        home = self._directory.households.get(key)
        if home is None:
            return None
        judged = self._writer.judge.memory_of(key), list[Incident]()
        (memory, incidents), now_s = await self._ask(judged, self._home_reads, key), int(self.now().timestamp())
        return HouseholdView(
            household=home,
            areas=self._directory.areas_above(home.area),
            responders=self._directory.responders_for(home.area, home),
            devices=device_views(key, memory, self._directory, now_s, self.policy),
            rhythm=rhythm_view(memory, self.policy, now_s),
            incidents=tuple(self._row(it) for it in incidents),
            notes=tuple(await self.case_notes(key)),
            fix=fix_of(memory.hot.fix),
        )

    def _home_reads(self, key: str) -> tuple[Memory, list[Incident]]:
        memory = self._reads.memory(key) or Memory(HouseholdState(key=key))
        return memory, self._reads.incidents_of(key)

    async def households(self, area: str = "", text: str = "", limit: int = 200) -> Sequence[HouseholdRow]:
        """Homes whose name, address, case number or phone contains ``text``."""
        number = id_number.plain(text)
        if id_number.birth_of(number) is not None:
            own = await asyncio.to_thread(self.with_id, area, number)
            return self._household_rows((key, self._hot(key)) for key in own[:limit])
        found = await self._ask(None, self._reads.find_households, area, text.strip(), limit)
        if found is None:
            keys = self._directory.find_households(area, text.strip(), limit)
            found = [(key, self._hot(key)) for key in keys]
        return self._household_rows(found)

    def _household_rows(self, found: Iterable[tuple[str, HouseholdState | None]]) -> list[HouseholdRow]:
        """As far as there is still somebody."""
        homes = self._directory.households
        return [self._household_row(homes[key], hot) for key, hot in found if not is_erased(homes[key])]

    def _hot(self, key: str) -> HouseholdState:
        return self._writer.judge.memory_of(key).hot

    def _household_row(self, home: Household, hot: HouseholdState | None) -> HouseholdRow:
        names = [area.name for area in self._directory.areas_above(home.area)]
        quiet_s = hot.quiet.active_s if hot else 0
        faults = sum(bool(d.missed or d.low or d.tamper or d.offline) for d in hot.devices.values()) if hot else 0
        return HouseholdRow(
            key=home.key,
            resident=home.title,
            address=home.address,
            area=home.area,
            town=names[-2] if len(names) > 1 else "",
            village=names[-1] if names else "",
            tier=home.tier.value,
            last_active_at=datetime.fromtimestamp(quiet_s, self.now().tzinfo) if quiet_s else None,
            open_incident=hot.open.id if hot and hot.open else "",
            open_faults=faults,
            lat=home.place.lat,
            lon=home.place.lon,
            complete_percent=completeness(home, self.today()).percent,
            consent=standing(home, ConsentFor.MONITORING).value,
            left=home.left is not None,
        )

    async def activity(self, key: str, since: datetime, until: datetime) -> Sequence[ActivityWindow]:
        """Active five-minute windows of a home, oldest first."""
        return await self._ask([], self._reads.activity, key, since, until)

    async def blind(self, area: str = "") -> Sequence[BlindRow]:
        """Homes whose signals may have been missed, not confirmed yet: by risk tier, then place."""
        keys = [key for key in self._changes.blind if self._directory.is_in(key, area)]
        homes = self._directory.households
        rows = [blind_row(homes[key], self._changes.blind[key], self._directory) for key in keys]
        tiers = list(RiskTier)
        rows.sort(key=lambda row: (tiers.index(RiskTier(row.tier)), row.area, row.key))
        return [msgspec.structs.replace(row, open_incident=self._changes.open_of(row.key)) for row in rows]

    async def areas(self) -> Sequence[Area]:
        """All areas, parents before children."""
        return tuple(self._directory.areas.values())

    async def faults(self, area: str = "", *, limit: int = 500) -> Sequence[FaultView]:
        """Open faults, latest first."""
        rows = await self._ask([], self._reads.open_faults, area, limit)
        views: list[FaultView] = []
        for row in rows:
            home = self._directory.households.get(row.household)
            device = self._directory.devices.get(row.device)
            views.append(
                FaultView(
                    household=row.household,
                    resident=home.title if home else "",
                    area=home.area if home else "",
                    address=home.address if home else "",
                    kind=FaultKind(row.kind),
                    opened_at=row.opened_at,
                    device=row.device,
                    room=device.room if device else "",
                    role=device.role if device else "",
                    cleared_at=row.cleared_at,
                    detail=row.detail,
                )
            )
        return views

    async def responders(self, area: str = "") -> Sequence[Responder]:
        """Who can be sent, in the area or above it."""
        people = self._directory.responders.values()
        return [r for r in people if covers(area, r.area) or covers(r.area, area)]

    async def quarantine(self, limit: int = 100) -> QuarantineView:
        """What could not be used and why."""
        return await self._ask(NOTHING_KNOWN, self._reads.quarantine, limit)

    async def bridges(self) -> Sequence[Bridge]:
        """Registered bridges."""
        return tuple(self._directory.bridges.values())

    async def account(self, login: str) -> Account | None:
        """An account for sign-in."""
        return self._directory.accounts.get(login)

    async def accounts(self) -> Sequence[Account]:
        """All accounts."""
        return self._directory.signing_in

    async def health(self) -> Health:
        """How the gateway itself is."""
        return self._pulse.health()

    def _row(self, incident: Incident) -> QueueRow:
        return queue_row(incident, self._directory, recorded=not self._writer.unrecorded.holds(incident.id))
