"""The technical queue: faults as work for technicians, by place and kind, and each with its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import AreaLevel, InstallationStep, Role, covers
from alerting.enrolment.commands import (
    AnyRegistryCommand,
    FinishRepair,
    NoteInstallation,
    NoteRepair,
    PlanRepair,
    TakeRepair,
)
from alerting.enrolment.repair_standing import DAY_ENDS_MIN
from alerting.incidents.script import Occasion
from alerting.model import FaultKind
from alerting.repair import Repair, RepairAct, RepairState
from dashboard.access import Do, sees
from dashboard.folds import faults_folded
from dashboard.pages.steps import answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer
from gateway.equipment.repair_desk import RepairRow, RepairView

router = APIRouter()
Reader = Annotated[Viewer, Depends(needs(Do.FAULTS))]
Fields = Mapping[str, str]

A_PAGE = 300
FITTERS = frozenset({Role.INSTALLER, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who may be asked to take care of a fault."""

_repair = msgspec.json.Decoder(Repair)


class Village(msgspec.Struct, frozen=True):
    """The faults of one village: what one trip may serve, the home with the most urgent fault first."""

    town: str
    name: str
    rows: tuple[RepairRow, ...]

    @property
    def homes(self) -> int:
        """How many homes one trip would serve."""
        return len(self.by_home)

    @property
    def by_home(self) -> list[list[RepairRow]]:
        """The faults of each home together."""
        found: dict[str, list[RepairRow]] = {}
        for row in self.rows:
            found.setdefault(row.household, []).append(row)
        return [*found.values()]


def by_village(rows: Sequence[RepairRow]) -> list[Village]:
    """Villages in the order of their most urgent fault; within one all faults of a home stand together."""
    found: dict[str, list[RepairRow]] = {}
    for row in rows:
        found.setdefault(row.area, []).append(row)
    villages = []
    for mine in found.values():
        homes = list(dict.fromkeys(row.household for row in mine))
        mine.sort(key=lambda row: homes.index(row.household))
        villages.append(Village(mine[0].town, mine[0].village, tuple(mine)))
    return villages


async def _rows(site: Site, viewer: Viewer) -> list[RepairRow]:
    return [row for row in await site.desk.repairs(viewer.account.area) if viewer.sees(row.area)]


async def _script(site: Site, viewer: Viewer) -> list[str]:
    scripts = (await site.desk.scripts()).scripts
    script = next((it for it in scripts if it.occasion is Occasion.FAULT), None)
    return [step.en if viewer.say.language.code == "en" else step.zh for step in script.steps] if script else []


@router.get("/faults")
async def faults(
    request: Request, viewer: Reader, area: str = "", kind: str = "", group: str = "", refused: str = ""
) -> Response:
    """Open faults of the viewer's area: what is overdue first; by town, kind and village."""
    site = site_of(request)
    every = await _rows(site, viewer)
    towns = [it for it in await site.desk.areas() if it.level is AreaLevel.TOWN]
    towns = [it for it in towns if covers(viewer.account.area, it.key) or covers(it.key, viewer.account.area)]
    in_town = [row for row in every if covers(area, row.area)]
    under, alone = faults_folded(in_town, (await site.desk.snapshot()).rows)
    rows = [row for row in alone if kind in {"", row.kind.value}]
    work = [row for row in rows if row.standing.state is not RepairState.DONE]
    return site.page(
        request,
        viewer,
        "faults.html",
        total=len(every),
        rows=work[:A_PAGE],
        left=len(work) - A_PAGE,
        villages=by_village(work[:A_PAGE]) if group == "village" else [],
        waiting=[row for row in rows if row.standing.state is RepairState.DONE],
        overdue=sum(row.overdue for row in work),
        under=under,
        kinds=Counter(row.kind for row in alone),
        towns=[(it, Counter(row.overdue for row in every if covers(it.key, row.area))) for it in towns],
        chosen={"area": area, "kind": kind, "group": group},
        script=await _script(site, viewer),
        refused=viewer.say.refusal(refused) if refused.isidentifier() else "",
    )


@router.get("/my-faults")
async def mine(request: Request, viewer: Reader, refused: str = "") -> Response:
    """The technician's telephone: what they have taken, by village, what waits for the device, what is free."""
    site = site_of(request)
    rows = await _rows(site, viewer)
    taken = [row for row in rows if row.standing.taken_by == viewer.account.login]
    free = [row for row in rows if not row.standing.taken_by and row.standing.state is not RepairState.DONE]
    done = [row for row in rows if row.standing.state is RepairState.DONE]
    return site.page(
        request,
        viewer,
        "my_faults.html",
        villages=by_village(taken),
        taken=len(taken),
        free=by_village(free[:A_PAGE]),
        frees=len(free),
        waiting=[row for row in done if row.standing.done and row.standing.done.by == viewer.account.login],
        acts=list(RepairAct),
        tomorrow=await _next_day(site),
        refused=viewer.say.refusal(refused) if refused.isidentifier() else "",
    )


@router.get("/faults/one")
async def one(
    request: Request, viewer: Reader, household: str, kind: str, device: str = "", refused: str = ""
) -> Response:
    """One fault: how it stands, what can be done, when it was open before and what people did."""
    site = site_of(request)
    view = await _found(site, viewer, household, device, kind)
    people = [it for it in await site.desk.accounts() if it.role in FITTERS and not it.shut and sees(it, view.row.area)]
    names = {it.login: it.name for it in await site.desk.accounts()}
    told = [(it, _repair.decode(it.after)) for it in view.history]
    return site.page(
        request,
        viewer,
        "fault.html",
        view=view,
        row=view.row,
        people=sorted(people, key=lambda it: it.login != viewer.account.login),
        told=told,
        names=names,
        acts=list(RepairAct),
        tomorrow=await _next_day(site),
        refused=viewer.say.refusal(refused) if refused.isidentifier() else "",
    )


@router.post("/faults/{act}")
async def act(request: Request, viewer: Reader, act: str) -> Response:
    """One thing done about a fault."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    view = await _found(site, viewer, form.get("household", ""), form.get("device", ""), form.get("kind", ""))
    back = _back(form, view)
    if act == "take_home":
        return await answered(request, site, viewer, await _take_home(site, viewer, view, form), back)
    if act not in _COMMANDS:
        raise HTTPException(404)
    if act == "order" and viewer.account.role not in {Role.SUPERVISOR, Role.ADMINISTRATOR}:
        raise HTTPException(403)
    command = _COMMANDS[act](site, viewer, form, view)
    if isinstance(command, str):
        return await answered(request, site, viewer, Answer(refused=command), back)
    if isinstance(command, TakeRepair) and command.who:
        account = await site.desk.account(command.who)
        if account is None or not sees(account, view.row.area):
            raise HTTPException(404)
    asked = msgspec.structs.replace(command, by=viewer.account.login)
    answer = await site.desk.submit(asked, once=once_key(asked, form.get("once", "")))
    return await answered(request, site, viewer, answer, back)


async def _take_home(site: Site, viewer: Viewer, view: RepairView, form: Fields) -> Answer:
    """Everything at one home that nobody has taken: it is one trip."""
    answer, login = Answer(), viewer.account.login
    for row in await _rows(site, viewer):
        stands = row.standing
        if row.household == view.row.household and not stands.taken_by and stands.state is not RepairState.DONE:
            one = TakeRepair(who=login, by=login, household=row.household, device=row.device, fault=row.kind)
            answer = await site.desk.submit(one, once=once_key(one, form.get("once", "")))
            if answer.refused:
                break
    return answer


async def _found(site: Site, viewer: Viewer, household: str, device: str, kind: str) -> RepairView:
    known = {it.value for it in FaultKind}
    view = await site.desk.repair(household, device, FaultKind(kind)) if kind in known else None
    if view is None or not viewer.sees(view.row.area):
        raise HTTPException(404)
    return view


async def _next_day(site: Site) -> str:
    """The next working day, as a date field has it."""
    return site.times.local(await site.desk.next_working_day()).date().isoformat()


def _back(form: Fields, view: RepairView) -> str:
    if form.get("back") == "mine":
        return "/my-faults"
    row = view.row
    return f"/faults/one?{urlencode({'household': row.household, 'device': row.device, 'kind': row.kind.value})}"


def _about(form: Fields, view: RepairView) -> dict[str, object]:
    row = view.row
    note = form.get("note", "").strip()
    return {"household": row.household, "device": row.device, "fault": row.kind, "note": note}


def _take(_: Site, viewer: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    return TakeRepair(who=form.get("who", viewer.account.login), **_about(form, view))  # type: ignore[arg-type]


def _give_back(_: Site, __: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    return TakeRepair(who="", **_about(form, view))  # type: ignore[arg-type]


def _plan(site: Site, _: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    try:
        day = datetime.combine(datetime.fromisoformat(form.get("until", "")).date(), time(DAY_ENDS_MIN // 60))
    except ValueError:
        return "bad_plan"
    until = day.replace(tzinfo=site.times.zone).astimezone(UTC)
    return PlanRepair(until=until, **_about(form, view))  # type: ignore[arg-type]


def _note(_: Site, __: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    return NoteRepair(**_about(form, view))  # type: ignore[arg-type]


def _done(_: Site, __: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    how = form.get("how", "")
    if how not in {it.value for it in RepairAct}:
        return "what_was_done"
    return FinishRepair(how=RepairAct(how), **_about(form, view))  # type: ignore[arg-type]


def _order(_: Site, viewer: Viewer, form: Fields, view: RepairView) -> AnyRegistryCommand | str:
    row, say = view.row, viewer.say
    what = " · ".join(filter(None, (say.fault(row.kind), say.device_role(row.role) if row.role else "", row.detail)))
    text = "；".join(filter(None, (f"{what} {say.room(row.room)}".strip(), form.get("note", "").strip())))
    return NoteInstallation(household=row.household, step=InstallationStep.ORDERED, text=text)


_COMMANDS: dict[str, Callable[[Site, Viewer, Fields, RepairView], AnyRegistryCommand | str]] = {
    "take": _take,
    "give_back": _give_back,
    "plan": _plan,
    "note": _note,
    "done": _done,
    "order": _order,
}
