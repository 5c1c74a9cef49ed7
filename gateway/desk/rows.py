"""Incidents and homes as the Desk shows them: joined with what is known of the people and places."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from alerting.areas.member import area_of, place_of
from alerting.casefile import AreaLevel, Household, Responder
from alerting.duty.reach import RESPONDER
from alerting.homes.blindness import Blind
from alerting.homes.state import HouseholdState, Memory
from alerting.incidents import missed
from alerting.model import Aggregate, Entry, Incident
from alerting.policy import Policy
from alerting.silence import inactivity
from alerting.silence.inactivity import HOURS, moment
from gateway.desk.contract import ActivityWindow, BlindRow, DeviceView, QueueRow, RhythmView
from gateway.desk.duty_desk import MemberRow
from gateway.equipment.health import health_of
from gateway.store.bulk import Row
from gateway.writing.directory import Directory
from gateway.writing.stray_keys import stray_of


def _names_above(area: str, directory: Directory) -> dict[AreaLevel, str]:
    return {it.level: it.name for it in directory.areas_above(area)}


def queue_row(incident: Incident, directory: Directory, *, recorded: bool = True) -> QueueRow:
    """One incident as the queue shows it. A device without a home has neither address nor place."""
    home = directory.households.get(incident.key) if incident.aggregate is Aggregate.HOUSEHOLD else None
    area, ladder = home.area if home else area_in(incident, directory), incident.ladder
    levels, offered_to = _names_above(area, directory), incident.offer.to if incident.offer else ""
    return QueueRow(
        incident=incident.id,
        key=incident.key,
        household=home.key if home else "",
        resident=home.title if home else area_title(incident, directory),
        address=home.address if home else "",
        area=area,
        town=levels.get(AreaLevel.TOWN, ""),
        village=levels.get(AreaLevel.VILLAGE, ""),
        tier=home.tier.value if home else "",
        members=tuple(it.home for it in incident.members if not it.back_s),
        homes=len(incident.members),
        state=incident.state.value,
        priority=incident.priority,
        alarms=incident.alarms,
        alarm_count=incident.alarm_count,
        unacknowledged=incident.unacknowledged,
        opened_at=incident.opened_at,
        rang_at=incident.rang_at,
        waiting_since=incident.waiting_since,
        stray=stray_of(incident.key, directory) if incident.aggregate is Aggregate.DEVICE else (),
        sent=tuple(it.responder for it in incident.going),
        accepted=incident.accepted,
        arrived=incident.arrived,
        missed=missed.now_missed(incident),
        changed_at=incident.changed_at,
        claimed_by=incident.claimed_by,
        claimed_by_name=directory.name_of(incident.claimed_by),
        responder=incident.responder,
        responder_name=directory.sent_name(incident),
        outcome=incident.outcome.value if incident.outcome else "",
        held_until=incident.hold.until if incident.hold else None,
        offered_to=offered_to,
        offered_to_name=directory.name_of(offered_to),
        second_person=incident.closing is not None,
        second_by=incident.closing.by if incident.closing else "",
        second_asked_at=incident.closing.asked_at if incident.closing else None,
        climbed=ladder.level or "",
        accepted_by_name=directory.name_of(ladder.accepted_by) if ladder.accepted_by else "",
        accepted_until=ladder.accepted_until,
        lat=home.place.lat if home else None,
        lon=home.place.lon if home else None,
        recorded=recorded,
    )


def area_in(incident: Incident, directory: Directory) -> str:
    """Key of the area that an area incident is about; of a bridge that of all its homes; empty for a device."""
    if incident.aggregate is not Aggregate.AREA:
        return ""
    if of_area := area_of(incident.key):
        return of_area
    cases = directory.people.homes
    chains = [cases[it.home].area.split(".") for it in incident.members if it.home in cases]
    shared = itertools.takewhile(lambda level: len(set(level)) == 1, zip(*chains, strict=False))
    return ".".join(level[0] for level in shared)


def area_title(incident: Incident, directory: Directory) -> str:
    """What people call the village, the town or the bridge of an area incident; empty for a device."""
    if incident.aggregate is not Aggregate.AREA:
        return ""
    place = place_of(incident.key)
    found = directory.areas.get(place)
    bridge = directory.bridges.get(place)
    return found.name if found is not None else bridge.title if bridge is not None and bridge.title else place


MOST_FOR_A_HOME = 5
"""So many who may be sent are named for each home of an area incident."""


def people_named(incident: Incident, timeline: Iterable[Entry], directory: Directory) -> tuple[Responder, ...]:
    """Responders whom an incident names: who was sent, and who stands in a line of its timeline."""
    ids = [job.responder for job in incident.jobs]
    for entry in timeline:
        ids += [entry.text.partition("|")[0], entry.by.removeprefix(RESPONDER)]
    return tuple(directory.responders[id_] for id_ in dict.fromkeys(ids) if id_ in directory.responders)


def member_rows(
    incident: Incident, directory: Directory, running_in: Callable[[str], QueueRow | None]
) -> tuple[MemberRow, ...]:
    """The homes of an area incident: those that are not back first, then as they came."""
    rows: list[MemberRow] = []
    near = cache(directory.responders_near)  # thousands of homes lie in some hundred villages
    for it in sorted(incident.members, key=lambda it: (bool(it.back_s), it.since_s, it.home)):
        home = directory.households.get(it.home)
        levels = {above.level: above.name for above in directory.areas_above(home.area)} if home else {}
        own = running_in(it.home)
        rows.append(
            MemberRow(
                key=it.home,
                resident=home.title if home else "",
                address=home.address if home else "",
                town=levels.get(AreaLevel.TOWN, ""),
                village=levels.get(AreaLevel.VILLAGE, ""),
                tier=home.tier.value if home else "",
                since=moment(it.since_s),
                back=moment(it.back_s) if it.back_s else None,
                open_incident=own.incident if own else "",
                state=own.state if own else "",
                claimed_by=own.claimed_by if own else "",
                responder=own.responder if own else "",
                responder_name=own.responder_name if own else "",
                accepted=own is not None and own.accepted,
                arrived=own is not None and own.arrived,
                responders=directory.responders_for(home.area, home, near)[:MOST_FOR_A_HOME] if home else (),
            )
        )
    return tuple(rows)


def blind_row(home: Household, blind: Blind, directory: Directory) -> BlindRow:
    """One home whose signals may have been missed, with whom to telephone."""
    levels = {area.level: area.name for area in directory.areas_above(home.area)}
    return BlindRow(
        key=home.key,
        resident=home.title,
        address=home.address,
        area=home.area,
        town=levels.get(AreaLevel.TOWN, ""),
        village=levels.get(AreaLevel.VILLAGE, ""),
        tier=home.tier.value,
        since=moment(blind.since_s),
        cause=blind.cause.value if blind.cause else "",
        phones=phones_of(home),
    )


def phones_of(home: Household) -> tuple[tuple[str, str, str], ...]:
    """(name, relation, number): the residents first, then whom to call for them, in order."""
    own = [(person.name, "", person.phone) for person in home.residents if person.phone]
    return (*own, *((it.name, it.relation, it.phone) for it in home.contacts))


def device_views(
    household: str, memory: Memory, directory: Directory, now_s: int, policy: Policy
) -> tuple[DeviceView, ...]:
    """Devices of a home with their health as last heard."""
    views: list[DeviceView] = []
    for device in directory.devices_of(household):
        known = memory.hot.devices.get(device.id)
        if known is None:
            views.append(DeviceView(device=device))
            continue
        views.append(
            DeviceView(
                device=device,
                last_seen_at=moment(known.seen_s),
                battery_percent=known.percent if known.percent >= 0 else None,
                battery_volts=known.volts or None,
                battery_low=bool(known.low),
                tamper=bool(known.tamper),
                missed_check_in=bool(known.missed),
                health=health_of(known, now_s, policy),
                offline=bool(known.offline),
                lqi=known.lqi if known.lqi >= 0 else None,
                rssi_dbm=known.rssi_dbm or None,
            )
        )
    return tuple(views)


def _budget_per_week(hot: HouseholdState, policy: Policy) -> float:
    """What a home may have: its own number or its tier's, or about what it has at the city's price."""
    terms = inactivity.terms_of(hot.tier, policy, asks=False, home=hot.key)
    return policy.editions.price.usual_per_week.get(hot.tier, 0.0) if terms.price else terms.budget_per_week


def rhythm_view(memory: Memory, policy: Policy, now_s: int) -> RhythmView:
    """How this home's silence is judged now."""
    hot, rhythm = memory.hot, memory.rhythm
    start_s = hot.quiet.active_s or now_s
    if hot.quiet.active_s:
        limit = inactivity.present_limit(hot.quiet, rhythm, hot.tier, policy)
    else:
        limit = inactivity.limit_for(start_s, rhythm, hot.tier, policy)
    midnight_s = -policy.utc_offset_s
    hours = [midnight_s + hour * 3600 for hour in range(HOURS)]
    return RhythmView(
        quiet_since=moment(hot.quiet.active_s) if hot.quiet.active_s else None,
        limit_s=limit.limit_s,
        source=limit.source,
        limits_s=tuple(inactivity.limit_for(at, rhythm, hot.tier, policy, hot.quiet.context).limit_s for at in hours),
        usual_s=tuple(rhythm.usual_s(hour) for hour in range(HOURS)),
        learned_days=rhythm.days,
        budget_per_week=_budget_per_week(hot, policy),
        is_own=hot.key in policy.budget.homes_per_week,
        spent_per_week=rhythm.spent_per_week,
        judged_at=moment(start_s + hot.quiet.blind_s + limit.limit_s),
    )


def activity_rows(household: str, windows: Iterable[ActivityWindow]) -> Iterator[tuple[tuple[str, int], Row]]:
    """Active five-minute windows of a home as the store keeps them, each with its place."""
    for window in windows:
        number = int(window.start.timestamp()) // 300
        where: Row = {"household": household, "window": number}
        yield (household, number), {**where, "rooms": ",".join(window.rooms), "door": window.door}
