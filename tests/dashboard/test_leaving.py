"""A household leaves on its page, is taken up again, and gets everything that is kept about it."""

from __future__ import annotations

import io
import re
import zipfile

import msgspec
from centre import Centre

from alerting.casefile import DeviceStatus, Household, Role
from alerting.commands import KeepNote
from alerting.enrolment.commands import LeaveProgramme, RetireDevice, SaveHousehold
from gateway.care.photos_asked import PhotoOf
from tests.dashboard.visitor import arrived
from tests.stories.test_erased import ID, emptied, lived, nights


def file_of(centre: Centre, key: str) -> Household:
    return centre.gateway.directory.households[key]


async def test_it_leaves_when_its_devices_are_gone_and_is_taken_up_again(centre: Centre) -> None:
    key = centre.home().household
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    await browser.go(f"/households/{key}")
    await browser.send(f"/households/{key}/leave", note="迁出")
    assert "家中仍有在用设备" in browser.page
    await emptied(centre, key)
    await browser.send(f"/households/{key}/leave", note="迁出")
    assert 'id="has-left"' in browser.page
    assert "2026-02-04 清除" in browser.page
    await browser.go("/upkeep?what=left")
    assert f'data-household="{key}"' in browser.page
    await browser.go("/upkeep?what=incomplete")
    assert f'data-household="{key}"' not in browser.page
    await browser.go("/assessments")
    assert f'data-household="{key}"' not in browser.page
    await browser.go("/households")
    assert "已退出" in browser.page
    await browser.go(f"/households/{key}")
    await browser.send(f"/households/{key}/take-up", note="误办")
    assert 'id="has-left"' not in browser.page
    assert file_of(centre, key).left is None


async def test_nobody_leaves_with_an_open_incident(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    for device in centre.gateway.directory.all_of(home.household):
        if device.status is DeviceStatus.ACTIVE:
            assert (await centre.ask(RetireDevice(device=device.id, by="an"))).done
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    await browser.go(f"/households/{home.household}")
    await browser.send(f"/households/{home.household}/leave", note="迁出")
    assert "未结警情" in browser.page
    assert file_of(centre, home.household).left is None


async def test_everything_about_a_household_is_one_file_and_that_is_written_down(centre: Centre) -> None:
    key = await lived(centre)
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    await browser.go(f"/households/{key}")
    path = f"/households/{key}/everything"
    assert await centre.gateway.desk.keep_home_photo(key, PhotoOf.ENTRANCE, "zhao", b"a picture")
    form = browser.form(path)
    refused = await browser.post(path, **form, note=" ")
    assert refused.status_code == 303
    assert "no_purpose" in refused.headers["location"]
    answer = await browser.post(path, **(form | {"once": "2"}), note="本人书面申请")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        about = msgspec.json.decode(file.read("everything.json"))
        page = file.read("index.html").decode()
        assert file.read("photos/entrance.jpg") == b"a picture"
    assert about["case_file"]["residents"][0]["id_number"] == ID
    assert "sealed_id" not in about["case_file"]["residents"][0]
    assert len(about["history"]) >= 4
    assert {"本人书面申请"} <= {it["note"] for it in about["openings"]}
    assert any("已赶来" in line["text"] for it in about["incidents"] for line in it["timeline"])
    assert about["notes"][0]["text"].endswith("耳背")
    assert about["absences"][0]["kind"] == "visit"
    for told in ("欧阳若瑾", ID, "已赶来", "耳背", "本人书面申请"):
        assert told in page
    file = file_of(centre, key)
    assert centre.gateway.directory.responders[file.village_responder].name in page
    assert not re.search(rf"</th><td>({file.tier.value}|1|{file.area})</td>|T\d\d:\d\d:\d\d\.", page), "a code of ours"
    openings = await centre.gateway.desk.openings(key)
    assert (openings[0].by, openings[0].note) == ("zhao", "本人书面申请")
    town = file_of(centre, key).area.rpartition(".")[0]
    theirs = next(k for k, it in centre.gateway.directory.households.items() if not it.area.startswith(f"{town}."))
    mine = arrived(centre, "qian", Role.SUPERVISOR, area=town)
    await mine.go(f"/households/{key}")
    for act in ("everything", "leave", "take-up"):
        posted = await mine.post(f"/households/{theirs}/{act}", **mine.form(path), note="x")
        assert posted.status_code == 404


async def test_the_pages_of_an_erased_household_open_and_say_so(centre: Centre) -> None:
    key = await lived(centre)
    await emptied(centre, key)
    assert (await centre.ask(LeaveProgramme(household=key, by="zhao", note="迁出"))).done
    await nights(centre, 31)
    await centre.until(lambda: file_of(centre, key).residents == (), "the household to be erased")
    await nights(centre, 1)
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    ids = await centre.gateway.desk.incident_ids(key)
    for path in (
        f"/households/{key}",
        f"/households/{key}/history",
        f"/incidents/{ids[0]}",
        "/incidents",
        "/protected",
    ):
        await browser.go(path)
        assert browser.status == 200, path
        assert "欧阳" not in browser.page, path
    await browser.go(f"/households/{key}")
    assert "个人信息已于" in browser.page
    assert "/leave" not in browser.page
    await browser.go("/households")
    assert f"/households/{key}" not in browser.page
    await browser.go("/overview")
    assert browser.status == 200
    answer = await centre.ask(SaveHousehold(household=file_of(centre, key), by="zhao"))
    assert answer.refused == "is_erased"
    assert (await centre.ask(KeepNote(key=key, by="wang", text="旧户"))).done
