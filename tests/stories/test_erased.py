"""A household that leaves is erased when its time is over, wherever its people stood; what is counted stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy
from centre import MORNING, Centre

from alerting.care.commands import AnswerWarning, PushWarning, RecordCare
from alerting.care.duty import CareKind, CareResult, care_key
from alerting.care.referral import AnsweredBy, ReferralResult
from alerting.care.referral_commands import AnswerReferral, RefuseReferral
from alerting.care.warning import WarningAnswer, WarningCode
from alerting.casefile import Contact, DeviceStatus, Household, InstallationStep, Resident, version_of
from alerting.commands import AcceptJob, BeginAbsence, Dispatch, KeepNote, Note, OpenManual, ReportStage
from alerting.dispatch.job import Stage, Worker
from alerting.enrolment.commands import (
    AskReview,
    AssessHome,
    EraseHome,
    ImportedHome,
    ImportHouseholds,
    LeaveProgramme,
    NoteInstallation,
    OpenCaseFile,
    OpeningReason,
    RenameDevice,
    RetireDevice,
    SaveHousehold,
    TakeUpAgain,
)
from alerting.homes.away import AwayKind
from alerting.keeping.consent import Consent, ConsentFor
from alerting.model import RiskTier
from gateway.care.photos_asked import PhotoOf
from gateway.desk.contract import QueueRow
from gateway.store import schema
from gateway.store.past import Past
from nuanhu.replay.exact import Replay
from nuanhu.town.homes import Home
from tests.grid_platform import RESPONDER, registered
from tests.referred import organised, sent

NAME, NUMBER, ID = "欧阳若瑾", "19977001122", "990100194103020015"
DAUGHTER, HERS = "欧阳知夏", "19977003344"
ADDRESS = "听雨巷旧仓库后第三间"
WORKER, THEIRS = "轩辕明澈", "19977005566"
SECRETS = (NAME, NUMBER, ID, DAUGHTER, HERS, ADDRESS, WORKER, THEIRS)


def file_of(centre: Centre, key: str) -> Household:
    return centre.gateway.directory.households[key]


def found_in(centre: Centre) -> set[tuple[str, str]]:
    """Every table of the store that holds one of the secrets, with it; checkpoints are looked into unpacked."""
    found: set[tuple[str, str]] = set()
    with centre.gateway.store.engine.connect() as c:
        for table in schema.metadata.sorted_tables:
            for row in c.execute(sqlalchemy.select(table)).all():
                for value in row:
                    text = (
                        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
                    )
                    found |= {(table.name, secret) for secret in SECRETS if secret in text}
    return found


async def lived(centre: Centre) -> str:
    """A household of which the store has much: its history, an incident, calls, notes, an absence, openings."""
    spot = centre.home()
    key, desk = spot.household, centre.gateway.desk
    home = msgspec.structs.replace(
        file_of(centre, key),
        address=ADDRESS,
        residents=(Resident(name=NAME, birth_year=1941, phone=NUMBER, sealed_id=desk.seal_id(ID)),),
        contacts=(Contact(name=DAUGHTER, relation="女儿", phone=HERS, verified=True, key_holder=True),),
        care_plan=f"{NAME}每周复诊",
        consents=(Consent(who=NAME, on=centre.clock.now().date(), purposes=tuple(ConsentFor)),),
    )
    assert (await centre.ask(SaveHousehold(household=home, by="zhao", note=f"{DAUGHTER}来电"))).done
    more = msgspec.structs.replace(file_of(centre, key), pets=("猫",))
    listed = ImportedHome(more, version_of(file_of(centre, key)))
    assert (await centre.ask(ImportHouseholds(homes=(listed,), by="zhao", note="名单.csv"))).done
    assert (await centre.ask(AssessHome(household=key, met=("fell",), tier=RiskTier.CARE, why=NAME, by="zhao"))).done
    assert (await centre.ask(AskReview(household=key, by="zhao", note=f"{NAME}又摔倒"))).done
    said = OpenCaseFile(household=key, reason=OpeningReason.ASKED, note=f"{DAUGHTER}查询", by="wang")
    assert (await centre.ask(said)).done
    step = NoteInstallation(household=key, step=InstallationStep.CONSENT, text=f"{NAME}签字", by="an")
    assert (await centre.ask(step)).done
    device = centre.gateway.directory.devices_of(key)[0]
    assert (await centre.ask(RenameDevice(device=device.id, title=f"{NAME}床头", by="an"))).done
    assert (await centre.ask(OpenManual(key=key, by="wang", text=f"{DAUGHTER}说母亲不接电话"))).done
    await centre.press(spot)
    row = await centre.row_of(spot)
    assert (await centre.claim(row)).done
    await went(centre, row)
    assert (await centre.spoke(row)).done
    assert (await centre.ask(Note(key=key, incident=row.incident, by="wang", text=f"{DAUGHTER} {HERS} 已赶来"))).done
    assert (await centre.close(row)).done
    assert (await centre.ask(KeepNote(key=key, by="wang", text=f"{NAME}耳背"))).done
    until = centre.clock.now() + timedelta(days=3)
    away = BeginAbsence(key=key, by="wang", kind=AwayKind.VISIT, until=until, who=DAUGHTER, reason=f"接{NAME}同住")
    assert (await centre.ask(away)).done
    await cared_for(centre, spot)
    await centre.pass_time(hours=1)
    return key


async def went(centre: Centre, row: QueueRow) -> None:
    """Somebody of a grid platform."""
    await registered(centre, "https://127.0.0.1:9/jobs")
    about: dict[str, Any] = {"key": row.key, "incident": row.incident}
    assert (await centre.ask(Dispatch(**about, by="zuoxi1", responder=RESPONDER))).done
    theirs = about | {"by": f"responder:{RESPONDER}"}
    assert (await centre.ask(AcceptJob(**theirs, worker=Worker("WG1", WORKER, THEIRS)))).done
    assert (await centre.ask(ReportStage(**theirs, stage=Stage.SAFE, text=f"{NAME}已扶起"))).done


async def cared_for(centre: Centre, spot: Home) -> None:
    """A visit with a photo, an early warning and a referral, each in words."""
    key = spot.household
    care = {"key": care_key(key), "by": "li"}
    assert (await centre.ask(RecordCare(**care, kind=CareKind.VISIT, result=CareResult.NEEDS, text=NAME))).done
    pushed = PushWarning(**care, code=WarningCode.TRAFFIC, source="交警队", text=f"{DAUGHTER}报")
    number = int((await centre.ask(pushed)).made)
    answer = AnswerWarning(**care, number=number, answer=WarningAnswer.HELPED, text=f"{NAME}已出院")
    assert (await centre.ask(answer)).done
    assert await centre.gateway.desk.keep_photo(key, 1, "li", NAME.encode())
    org = await organised(centre)
    owner = f"responder:{file_of(centre, key).village_responder}"
    one = {"key": care_key(key), "number": await sent(centre, spot, org, owner, text=f"{NAME}请求轮椅")}
    no = RefuseReferral(**one, by="zhu", how=AnsweredBy.TELEPHONE, text=f"{DAUGHTER}已买")
    assert (await centre.ask(no)).done
    done = {"how": AnsweredBy.TELEPHONE, "result": ReferralResult.SOLVED, "text": f"{NAME}已领到"}
    assert (await centre.ask(AnswerReferral(**one, by="li", me=owner, **done))).done


async def emptied(centre: Centre, key: str) -> None:
    """All devices of a home are out of use."""
    for device in centre.gateway.directory.all_of(key):
        if device.status is DeviceStatus.ACTIVE:
            assert (await centre.ask(RetireDevice(device=device.id, by="an"))).done


async def nights(centre: Centre, days: int) -> None:
    rounds = centre.gateway.retention.rounds
    await centre.pass_time(days=days)
    await centre.until(lambda: centre.gateway.retention.rounds > rounds, "the round at night")


async def test_everything_about_its_people_is_gone_from_every_table_and_what_is_counted_stays(centre: Centre) -> None:
    key = await lived(centre)
    where = {table for table, _ in found_in(centre)}
    assert await centre.gateway.desk.visit_photo(key, 1) == NAME.encode()
    assert await centre.gateway.desk.keep_home_photo(key, PhotoOf.RESIDENT, "zhao", NAME.encode())
    assert await centre.gateway.desk.home_photo(key, PhotoOf.RESIDENT) == NAME.encode()
    assert {"household", "registration", "journal", "timeline", "case_note", "absence", "finding", "edition"} <= where
    assert {"care_given", "care_warning", "referral_step"} <= where
    assert ID not in {secret for _, secret in found_in(centre)}, "it was never there"
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note="迁往外地"))).refused == "devices_there"
    await emptied(centre, key)
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note=" "))).refused == "why_it_leaves"
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note=f"{NAME}迁往外地"))).done
    assert (await centre.ask(EraseHome(household=key))).refused == "not_yet"
    incidents = await centre.gateway.desk.incident_ids(key)
    protected = centre.gateway.desk.protected
    homes = (await protected()).homes
    await nights(centre, 29)
    assert file_of(centre, key).residents, "it can be taken back still"
    await nights(centre, 2)
    await centre.until(lambda: file_of(centre, key).residents == (), "the household to be erased")
    await nights(centre, 1)
    assert found_in(centre) == set()
    assert [*await centre.gateway.desk.visits_with_photo(key), *await centre.gateway.desk.home_photos(key)] == []
    (over,) = await centre.gateway.desk.referrals_of([key], all_of_them=True)
    assert [(it.act, it.text) for it in over.steps] == [
        ("sent", ""),
        ("refused", ""),
        ("answered_by_owner", ""),
        ("left", ""),
    ], "it is counted still"
    blank = file_of(centre, key)
    assert blank.left is not None
    assert blank.left.erased_on is not None
    assert await centre.gateway.desk.incident_ids(key) == incidents
    view = await centre.incident(incidents[0])
    assert view.incident.outcome is not None, "what it was and how it ended is counted still"
    assert len(view.timeline) > 3
    assert (await protected()).homes == homes
    assert [row.key for row in await centre.gateway.desk.households("", key, 5)] == []
    await centre.close_gateway()
    await centre.open_gateway()
    assert file_of(centre, key) == blank
    assert found_in(centre) == set()
    now = centre.clock.now()
    past = Past(centre.gateway.store.engine)
    again = Replay(past, centre.gateway.policy, centre.gateway.directory, lambda _: None)
    assert again.run(now - timedelta(days=1), now).changed == 0, "the rest is replayed as it was"
    full = msgspec.structs.replace(blank, address="x")
    assert (await centre.ask(SaveHousehold(household=full, by="zhao"))).refused == "is_erased"


async def test_until_its_time_is_over_it_can_be_taken_back(centre: Centre) -> None:
    key = centre.home().household
    await emptied(centre, key)
    before = file_of(centre, key)
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note="误报"))).done
    assert (await centre.ask(TakeUpAgain(household=key, by="zhao"))).done
    assert file_of(centre, key) == before
    await nights(centre, 31)
    assert file_of(centre, key) == before
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note="迁出"))).done
    await nights(centre, 31)
    assert (await centre.ask(TakeUpAgain(household=key, by="zhao"))).refused == "is_to_be_erased"


async def test_how_long_that_is_is_said_by_the_settings(centre: Centre) -> None:
    await centre.set_up(erase_after_days=90)
    key = centre.home().household
    await emptied(centre, key)
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note="迁出"))).done
    left = file_of(centre, key).left
    assert left is not None
    assert left.erase_on - left.on == timedelta(days=90)


async def test_a_case_number_that_begins_like_it_is_another_household(centre: Centre) -> None:
    homes = centre.gateway.directory.households
    first = homes[min(homes)]
    paper = Consent(
        who=NAME, on=MORNING.date(), purposes=(ConsentFor.SHARING,), withdrawn_on=MORNING.date(), withdrawn_why="不愿"
    )
    longer = msgspec.structs.replace(first, key=f"{first.key}0", consents=(paper,))
    assert (await centre.ask(SaveHousehold(household=longer, by="zhao", note="新登记"))).done
    assert (await centre.ask(KeepNote(key=longer.key, by="wang", text="耳背"))).done
    await emptied(centre, first.key)
    assert (await centre.ask(LeaveProgramme(household=first.key, by="zhao", note="迁出"))).done
    await nights(centre, 32)
    await centre.until(lambda: file_of(centre, first.key).residents == (), "the household to be erased")
    await nights(centre, 1)
    assert file_of(centre, longer.key).consents == (paper,)
    line = (await centre.gateway.desk.registrations("household", longer.key))[-1]
    assert (line.note, NAME in line.after, "不愿" in line.after) == ("新登记", True, True)
    assert [it.text for it in await centre.gateway.desk.case_notes(longer.key)] == ["耳背"]


async def test_the_people_of_other_homes_stay_as_they_are(centre: Centre) -> None:
    homes = centre.gateway.directory.households
    first, second = (homes[key] for key in sorted(homes)[:2])
    mine = msgspec.structs.replace(first, residents=(Resident(name=NAME, birth_year=1941, phone=NUMBER),))
    theirs = msgspec.structs.replace(second, residents=(Resident(name=NAME, birth_year=1950, phone=HERS),))
    both = ImportHouseholds(
        homes=tuple(ImportedHome(it, version_of(homes[it.key])) for it in (mine, theirs)),
        by="zhao",
        note="名单.csv",
    )
    assert (await centre.ask(both)).done
    await emptied(centre, first.key)
    assert (await centre.ask(LeaveProgramme(household=first.key, by="zhao", note="迁出"))).done
    await nights(centre, 32)
    await centre.until(lambda: file_of(centre, first.key).residents == (), "the household to be erased")
    await nights(centre, 1)
    assert file_of(centre, second.key).residents == theirs.residents
    left = found_in(centre)
    assert NUMBER not in {secret for _, secret in left}
    assert {("journal", HERS), ("household", NAME), ("registration", NAME)} <= left, "the neighbour of the same name"
