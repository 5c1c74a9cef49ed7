"""When the hub of the only button dies, the desk knows within 90 minutes, however well the other sensors are heard."""

from __future__ import annotations

from centre import P3, Centre
from one_street import area_row, link, one_village, own_homes

from alerting.casefile import Device
from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome
from dashboard.folds import folds_of
from gateway.desk.contract import QueueRow
from nuanhu.town.devices.chirpstack import ChirpStackVoice
from nuanhu.town.homes import CITY_SERVER, Fitted, Home
from tests.stories.test_protected_homes import with_one_button


def far_sensor(home: Home) -> Device:
    """A LoRaWAN motion sensor, heard by the city's network server and not by the home's hub."""
    return Device(
        id=f"{home.household}-lora",
        bridge=CITY_SERVER.id,
        inner=f"24e12400{home.number:08x}",
        household=home.household,
        role="motion",
        room="living",
        vendor="Milesight",
        model="WS202",
    )


async def with_far_sensors(centre: Centre, homes: list[Home]) -> ChirpStackVoice:
    """The homes have one such sensor each, and everything of them has been heard."""
    await centre.fit(*map(far_sensor, homes))
    voice = ChirpStackVoice(1, centre.clock.now())
    for home in homes:
        for fitted in home.fitted:
            await centre.alive(home, fitted.device)
        await somebody_moves(centre, home, voice)
    await centre.settled()
    return voice


async def somebody_moves(centre: Centre, home: Home, voice: ChirpStackVoice) -> None:
    """The network server has heard the far sensor."""
    fitted = Fitted(device=far_sensor(home), name="far", report_s=21_600, phase_s=0)
    for it in voice.detected(fitted, centre.clock.now()):
        await centre.say(CITY_SERVER.id, it.topic, it.payload)


async def dead_for(centre: Centre, minutes: int, home: Home, voice: ChirpStackVoice) -> None:
    """Nothing comes through the hub, while somebody moves before the far sensor."""
    for _ in range(minutes // 15):
        await centre.pass_time(minutes=15)
        await somebody_moves(centre, home, voice)


async def row_of(centre: Centre, home: Home) -> QueueRow:
    await centre.settled()
    return await centre.row_of(home)


async def test_it_is_an_incident_of_its_own_with_its_reason_and_ends_with_the_hub(centre: Centre) -> None:
    home = with_one_button(centre)
    voice = await with_far_sensors(centre, [home])
    await dead_for(centre, 75, home, voice)
    hub = centre.device(home, "hub").id
    assert FaultKind.MISSED_CHECK_IN in [it.kind for it in await centre.gateway.desk.faults() if it.device == hub]
    assert await centre.queue() == [], "a fault for the technician, so far"
    await dead_for(centre, 15, home, voice)
    row = await row_of(centre, home)
    assert (row.priority, [alarm.kind for alarm in row.alarms]) == (P3, [AlarmKind.CANNOT_CALL])
    assert row.alarms[0].detail == f"hub_dead|{centre.device(home, 'panic').id}"
    assert row.incident in centre.rang
    await centre.alive(home, centre.device(home, "hub"))
    await centre.settled()
    assert EntryKind.CLEARED in [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    await centre.claim(row)
    await centre.close(row, Outcome.EQUIPMENT)
    assert await centre.queue() == []


async def test_it_is_so_still_after_a_restart(centre: Centre) -> None:
    home = with_one_button(centre)
    voice = await with_far_sensors(centre, [home])
    await dead_for(centre, 60, home, voice)
    await centre.close_gateway()
    await centre.open_gateway()
    await dead_for(centre, 30, home, voice)
    assert [alarm.kind for alarm in (await row_of(centre, home)).alarms] == [AlarmKind.CANNOT_CALL]


async def test_a_whole_village_without_power_is_one_incident_that_has_them_all(centre: Centre) -> None:
    village = await one_village(centre)
    homes = own_homes(centre)[:5]
    voice = await with_far_sensors(centre, homes)
    for home in homes:
        await link(centre, home, "offline")
    for _ in range(4):
        await centre.pass_time(minutes=15)
        for home in homes:
            await somebody_moves(centre, home, voice)
    await centre.settled()
    area = await area_row(centre, village)
    rows = [row for row in await centre.queue() if row.household in area.members]
    mute = [row for row in rows if [alarm.kind for alarm in row.alarms] == [AlarmKind.CANNOT_CALL]]
    assert mute, "homes whose every button hangs on the hub"
    folds = folds_of([area, *rows], (await centre.gateway.desk.snapshot()).flood)
    assert {folds.of(row) for row in mute} == {f"area|{area.incident}"}
