"""Visits and calls: of one's own homes on the telephone, of an area for whoever supervises; recorded, taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
import segno
from fastapi import APIRouter, Depends, HTTPException, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from alerting.care.commands import RecordCare, TakeBackCare
from alerting.care.duty import WEEKLY, CareKind, CareResult, CareStage, care_key
from alerting.care.warning import WarningAnswer
from alerting.casefile import AreaLevel, Household, covers
from alerting.duty.reach import RESPONDER
from dashboard.access import Do
from dashboard.care_words import CareWords
from dashboard.form_fields import typed
from dashboard.pages.case_file import is_shown
from dashboard.pages.parts import name_of_login
from dashboard.pages.steps import LONGEST_TEXT, answered, once_key
from dashboard.pages.visit_photo import keep
from dashboard.photos import photo_in
from dashboard.referral_part import person_of, referral_words
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, checked_form, needs, site_of, viewer_of
from dashboard.warning_words import WarningWords
from gateway.care.asked import CareCount, CareRow, GivenRow
from gateway.care.referrals_asked import ReferralRow
from gateway.care.warnings_asked import WarningRow
from gateway.desk.contract import Answer

router = APIRouter()

LOOKED_BACK = timedelta(days=28)
TAKEN_BACK_WITHIN = timedelta(minutes=10)
LONGEST_LIST = 200
MOST_OTHERS = 60
NEAR_ENOUGH_M = 100_000
KINDS = WEEKLY
ON_THE_WALL = ("village_responder", "village_deputy", "town_responder")
"""Who stands on the card for the wall."""


class HomeRound(msgspec.Struct, frozen=True, kw_only=True):
    """One home on somebody's round.

    Attributes:
        home: Its case file.
        owed: By kind what is owed to it.
        latest: By kind the latest time the resident was met.
        mine: What the viewer has just recorded and can still take back.
        warnings: Early warnings that are not answered.
    """

    home: Household
    owed: Mapping[CareKind, CareRow]
    latest: Mapping[CareKind, GivenRow]
    mine: GivenRow | None = None
    warnings: tuple[WarningRow, ...] = ()

    def is_late(self, now: datetime) -> bool:
        """Something owed is past its time."""
        return any(row.due_at < now for row in self.owed.values())


@router.get("/rounds")
async def rounds(
    request: Request, viewer: Annotated[Viewer, Depends(needs(Do.ROUNDS))], q: str = "", refused: str = ""
) -> Response:
    """The homes somebody answers for: what is owed first, the late ones in front."""
    site, me = site_of(request), viewer.account.responder
    homes = list(await site.desk.homes_in_care_of(me)) if me else []
    rows = await _rounds(site, homes, viewer.account.login)
    mine = [it for it in rows if _is_theirs(it, f"{RESPONDER}{me}")]
    now = site.desk.now()
    to_do = sorted((it for it in mine if it.owed), key=lambda it: (not it.is_late(now), _due(it)))
    done = [it for it in mine if not it.owed]
    others = [it for it in rows if it not in mine and q.strip() in f"{it.home.search_text} {it.home.title}"]
    return site.page(
        request,
        viewer,
        "rounds.html",
        to_do=to_do,
        done=done,
        others=others[:MOST_OTHERS],
        others_cut=len(others) > MOST_OTHERS,
        has_others=len(rows) > len(mine),
        q=q,
        counts={kind: sum(kind in it.owed for it in mine) for kind in KINDS},
        late=sum(it.is_late(now) for it in mine),
        **await _referred_to(site, viewer),
        **_words(viewer),
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


async def care_parts(site: Site, viewer: Viewer, key: str) -> dict[str, Any]:
    """What a household's page shows of its visits and calls."""
    if not viewer.may(Do.CARE):
        return {}
    given = await site.desk.care_given(key)
    latest = await site.desk.care_latest([key])
    warned = await site.desk.warnings_of([key], all_of_them=True)
    logins = {*(row.by for row in given), *(row.answered_by for row in warned)}
    return {
        "care_owed": await site.desk.care_of([key]),
        "care_given": given,
        "with_photo": await site.desk.visits_with_photo(key),
        "care_warnings": warned,
        "care_names": {login: await name_of_login(site, login) for login in logins},
        "care_mine": _just(latest, key, viewer.account.login, site.desk.now()),
        **_words(viewer),
        **await referral_words(site, viewer, referred := list(await site.desk.referrals_of([key], all_of_them=True))),
        "referrals": referred,
        "sent_on": {row.source: row for row in reversed(referred)},
    }


def _words(viewer: Viewer) -> dict[str, Any]:
    return {
        "care": CareWords(viewer.say),
        "kinds": KINDS,
        "results": list(CareResult),
        "warning": WarningWords(viewer.say),
        "answers": list(WarningAnswer),
    }


async def _referred_to(site: Site, viewer: Viewer) -> dict[str, Any]:
    """Referrals that are somebody's: what they are asked to take over or to answer first, then what they own."""
    me = person_of(viewer.account)
    rows = sorted(await site.desk.referrals_with([me]), key=lambda it: (it.offered != me, it.person != me))
    return {"referrals": rows, **await referral_words(site, viewer, rows)}


async def _sent_on(site: Site, homes: Collection[str]) -> dict[tuple[str, str], ReferralRow]:
    """Of needs that were found at these homes those that were sent on, by home and what they began with."""
    return {(row.home, row.source): row for row in await site.desk.referrals_of(homes, all_of_them=True)}


def _due(it: HomeRound) -> datetime:
    return min(row.due_at for row in it.owed.values())


def _is_theirs(it: HomeRound, person: str) -> bool:
    """It is theirs by the case file or by leave of others, or they were asked because it is late."""
    named = {it.home.village_responder, it.home.grid_worker} if it.owed == {} else set()
    asked = {id_ for row in it.owed.values() for id_ in (row.who_id, *row.told)}
    return person in asked or person.removeprefix(RESPONDER) in named


async def _rounds(site: Site, homes: Sequence[Household], login: str) -> list[HomeRound]:
    keys = [home.key for home in homes]
    owed: dict[str, dict[CareKind, CareRow]] = defaultdict(dict)
    for row in await site.desk.care_of(keys):
        owed[row.home].setdefault(row.kind, row)
    latest, now = await site.desk.care_latest(keys), site.desk.now()
    warned = await site.desk.warnings_of(keys)
    return [
        HomeRound(
            home=home,
            owed=owed[home.key],
            latest={kind: latest[home.key, kind] for kind in KINDS if (home.key, kind) in latest},
            mine=_just(latest, home.key, login, now),
            warnings=tuple(it for it in warned if it.home == home.key),
        )
        for home in homes
    ]


def _just(latest: Mapping[tuple[str, CareKind], GivenRow], home: str, login: str, now: datetime) -> GivenRow | None:
    """What this login has recorded last of a home and can still take back."""
    found = [latest[home, kind] for kind in KINDS if (home, kind) in latest]
    last = max(found, key=lambda it: it.number, default=None)
    is_theirs = last is not None and last.by == login and now - last.recorded_at < TAKEN_BACK_WITHIN
    return last if is_theirs else None


@router.get("/care")
async def care(
    request: Request,
    viewer: Annotated[Viewer, Depends(needs(Do.CARE))],
    area: str = "",
    show: str = "late",
    refused: str = "",
) -> Response:
    """How an area stands with its visits and calls, and those that are late or owed."""
    site = site_of(request)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    now = site.desk.now()
    areas = {it.key: it for it in await site.desk.areas()}
    counts = await site.desk.care_counts(within, now - LOOKED_BACK)
    stage = CareStage.SUPERVISOR if show == "supervisor" else CareStage.OWED
    rows = await site.desk.care_owed(within, stage, late=show == "late", limit=LONGEST_LIST)
    needs_found = await site.desk.care_needs(within, now - LOOKED_BACK)
    here = areas.get(within)
    is_small = here is not None and here.level in {AreaLevel.TOWN, AreaLevel.VILLAGE}
    names = {key: it.name for key, it in areas.items()}
    return site.page(
        request,
        viewer,
        "care.html",
        rows=[row for row in rows if viewer.sees(row.area)],
        is_cut=len(rows) == LONGEST_LIST,
        show=show if show in {"late", "supervisor", "all"} else "late",
        area=within,
        here_area=here,
        lines=_by_area(counts, names, areas_by(areas, None if is_small else AreaLevel.TOWN)),
        total=_sums(counts),
        terms=await site.desk.care_terms(),
        days=LOOKED_BACK.days,
        found=needs_found,
        found_by={given.by: await name_of_login(site, given.by) for given, _ in needs_found},
        sent_on=await _sent_on(site, {given.home for given, _ in needs_found}),
        **_words(viewer),
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


def areas_by(areas: Mapping[str, Any], level: AreaLevel | None) -> dict[str, str]:
    """By area the one of a level that covers it; itself where none is asked for, or none does."""
    if level is None:
        return {key: key for key in areas}
    tops = [key for key, it in areas.items() if it.level is level]
    return {key: next((top for top in tops if covers(top, key)), key) for key in areas}


def _sums(counts: Collection[CareCount]) -> dict[CareKind, CareCount]:
    """All villages together, by kind."""
    return {kind: _sum("", kind, [it for it in counts if it.kind is kind]) for kind in KINDS}


def _sum(area: str, kind: CareKind, counts: Collection[CareCount]) -> CareCount:
    numbers = ("owed", "late", "of_supervisor", "done", "done_late", "missed")
    return CareCount(area=area, kind=kind, **{name: sum(getattr(it, name) for it in counts) for name in numbers})


def _by_area(
    counts: Collection[CareCount], names: Mapping[str, str], above: Mapping[str, str]
) -> list[tuple[str, str, dict[CareKind, CareCount]]]:
    """(area, its name, counts by kind), the one with most that is late first."""
    piles: dict[str, list[CareCount]] = defaultdict(list)
    for it in counts:
        piles[above.get(it.area, it.area)].append(it)
    lines = [(area, names.get(area, area), _sums(pile)) for area, pile in piles.items()]
    return sorted(lines, key=lambda line: (-sum(it.late for it in line[2].values()), line[1]))


async def home_in_care(site: Site, viewer: Viewer, key: str) -> Household:
    """A home whose visits and calls the viewer may record.

    Raises:
        HTTPException: 404 when there is none.
    """
    home = await site.desk.household(key)
    if home is None:
        raise HTTPException(404)
    if viewer.may(Do.CARE) and viewer.sees(home.household.area):
        return home.household
    me = viewer.account.responder
    if viewer.may(Do.ROUNDS) and me and any(it.key == key for it in await site.desk.homes_in_care_of(me)):
        return home.household
    raise HTTPException(404)


@router.get("/households/{key:path}/wall-card")
async def wall_card(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.CARE))], key: str) -> Response:
    """The sheet for the wall of a home: whom to call, the button explained, the home's code for whoever comes."""
    site = site_of(request)
    home = await site.desk.household(key)
    if home is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    if not await is_shown(site, viewer, home):  # names and numbers stand on it: say first why
        return RedirectResponse(f"/households/{quote(key)}#open-case", 303)
    people = {it.id: it for it in home.responders}
    file = home.household
    named = [(office, people[id_]) for office in ON_THE_WALL if (id_ := getattr(file, office)) in people]
    address = f"{request.url.scheme}://{request.url.netloc}/households/{quote(key)}"
    code = Markup(segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True))  # noqa: S704 - ours
    roles = {it.device.role for it in home.devices}
    return site.page(
        request,
        viewer,
        "wall_card.html",
        file=file,
        named=named,
        code=code,
        has_pendant="pendant" in roles,
        has_button="panic" in roles,
    )


@router.post("/care/{key:path}/record")
async def record(request: Request, key: str) -> Response:
    """Somebody was with the resident, or has telephoned."""
    site = site_of(request)
    viewer = await viewer_of(request)
    sent = await checked_form(request, viewer.seed)
    form = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    home = await home_in_care(site, viewer, key)
    photo = await photo_in(sent)
    if isinstance(photo, str):
        return await answered(request, site, viewer, Answer(refused=photo), _back(form, home.key))
    if form.get("kind") not in set(WEEKLY) or form.get("result") not in set(CareResult):
        raise HTTPException(400)
    kind = CareKind(form["kind"])
    lat, lon, accuracy_m = _where(form)
    command = RecordCare(
        key=care_key(home.key),
        by=viewer.account.login,
        kind=kind,
        result=CareResult(form["result"]),
        at=_tapped(form.get("tapped_at", ""), site.desk.now()),
        text=typed(form, "text")[:LONGEST_TEXT],
        who=viewer.account.name,
        is_home="is_home" in form,
        lat=lat,
        lon=lon,
        accuracy_m=accuracy_m,
    )
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    if answer.done:
        answer = msgspec.structs.replace(answer, refused=await keep(site, viewer, home.key, answer.made, photo))
    return await answered(request, site, viewer, _of(answer), _back(form, home.key))


@router.post("/care/{key:path}/take-back")
async def take_back(request: Request, key: str) -> Response:
    """The last record was a mistake."""
    site = site_of(request)
    viewer = await viewer_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await home_in_care(site, viewer, key)
    number = form.get("number", "")
    if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - no home has a thousand million
        raise HTTPException(400)
    command = TakeBackCare(key=care_key(home.key), by=viewer.account.login, number=int(number))
    answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, _of(answer), _back(form, home.key))


def _of(answer: Answer) -> Answer:
    """Nothing of it belongs to an incident."""
    return msgspec.structs.replace(answer, incident="")


def _back(form: Mapping[str, str], key: str) -> str:
    """The page on which it was recorded."""
    pages = {"rounds": "/rounds", "care": "/care"}
    return pages.get(form.get("back", ""), f"/households/{quote(key)}")


def _tapped(text: str, now: datetime) -> datetime | None:
    """When it was tapped on a telephone; None: now, as for what is no moment or lies ahead."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and at < now else None


def _where(form: Mapping[str, str]) -> tuple[float | None, float | None, int | None]:
    """Where the telephone was: latitude, longitude, and how sure that is, metres; nothing where that makes no sense."""
    try:
        lat, lon, accuracy_m = (float(form.get(name, "")) for name in ("lat", "lon", "accuracy"))
    except ValueError:
        return None, None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 <= accuracy_m < NEAR_ENOUGH_M):  # noqa: PLR2004 - the globe's
        return None, None, None
    return round(lat, 6), round(lon, 6), round(accuracy_m)
