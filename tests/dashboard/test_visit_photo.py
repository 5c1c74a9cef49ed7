"""A photo of a visit: made small, kept sealed with the visit, shown to whoever says why, gone after its time."""

from __future__ import annotations

import base64
import io
import re
from datetime import timedelta

import pytest
import sqlalchemy
from centre import Centre
from PIL import Image

from alerting.care.commands import TakeBackCare
from alerting.care.duty import care_key
from alerting.casefile import Household, Role
from dashboard.photos import KEPT_BYTES, NotAPhotoError, made_small
from gateway.store.care_tables import care_photo
from tests.dashboard.visitor import Visitor, arrived


def taken(size: tuple[int, int] = (3000, 2000)) -> bytes:
    """A photo as a telephone makes it: large, turned, with where it was taken."""
    picture = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()


def home_of(centre: Centre) -> Household:
    return centre.gateway.directory.households[centre.home().household]


async def recorded(phone: Visitor, photo: bytes, name: str = "photo.jpg", **more: str) -> None:
    """A visit with a photo, by the form without scripts."""
    await phone.go("/rounds")
    home = home_of(phone.centre)
    token = re.search(r'name="csrf" value="(\w+)"', phone.page)
    assert token is not None
    fields = {"csrf": token[1], "kind": "visit", "result": "well", "back": "rounds", "once": "o1"} | more
    files = {"photo": (name, photo, "image/jpeg")}
    await phone._show(await phone.web.post(f"/care/{home.key}/record", data=fields, files=files))


def village(centre: Centre) -> Visitor:
    home = home_of(centre)
    return arrived(centre, "li", Role.RESPONDER, area=home.area, responder=home.village_responder)


def test_a_photo_becomes_small_stands_upright_and_says_nothing_of_where() -> None:
    small = made_small(taken())
    assert len(small) <= KEPT_BYTES
    picture = Image.open(io.BytesIO(small))
    assert picture.size[1] > picture.size[0], "it was turned"
    assert max(picture.size) <= 1280
    assert dict(picture.getexif()) == {}
    assert b"SecretPhone" not in small
    for nonsense in (b"", b"no picture", taken()[:200]):
        with pytest.raises(NotAPhotoError):
            made_small(nonsense)


async def test_it_is_shown_to_whoever_says_why_and_each_look_is_written_down(centre: Centre) -> None:
    home, phone = home_of(centre), village(centre)
    await recorded(phone, taken())
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    address = f"/households/{home.key}/visits/1/photo"
    await desk.go(f"/households/{home.key}")
    assert "有照片" in desk.page
    assert address not in desk.page
    await desk.go(address)
    assert desk.path == f"/households/{home.key}", "first say why"
    await desk.send(f"/households/{home.key}/open", reason="asked", note="家属来电")
    assert address in desk.page
    shown = await desk.web.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(shown.content)).format == "JPEG"
    latest = (await centre.gateway.desk.openings(home.key))[0]
    assert (latest.by, latest.reason, latest.note) == ("zhu", "duty", "走访照片 1")
    far = arrived(centre, "yuan", Role.SUPERVISOR, area="990100.77")
    assert (await far.web.get(address)).status_code == 404
    with centre.gateway.store.engine.connect() as c:
        (body,) = c.execute(sqlalchemy.select(care_photo.c.body)).scalars().all()
    assert shown.content[:100] not in bytes(body), "it is kept sealed"
    await centre.ask(TakeBackCare(key=care_key(home.key), by="li", number=1))
    assert (await desk.web.get(address)).status_code == 404, "the visit was a mistake"


async def test_what_the_telephone_has_made_small_is_taken_and_what_is_no_photo_is_not(centre: Centre) -> None:
    home, phone = home_of(centre), village(centre)
    await recorded(phone, b"no picture")
    assert "照片无法打开" in phone.page
    assert await centre.gateway.desk.care_given(home.key) == []
    await phone.go("/rounds")
    sent = "data:image/jpeg;base64," + base64.b64encode(taken((400, 300))).decode()
    await phone.send(f"/care/{home.key}/record", kind="visit", result="well", photo_data=sent)
    assert list(await centre.gateway.desk.visits_with_photo(home.key)) == [1]
    await phone.send(f"/care/{home.key}/record", kind="visit", result="well", photo_data="data:text/html,x")
    assert "照片无法打开" in phone.page


async def test_it_goes_after_its_time(centre: Centre) -> None:
    home = home_of(centre)
    await centre.set_up(photo_days=30)
    await recorded(village(centre), taken((400, 300)))
    desk, rounds = centre.gateway.desk, centre.gateway.retention.rounds
    assert list(await desk.visits_with_photo(home.key)) == [1]
    await centre.pass_time(seconds=timedelta(days=31).total_seconds())
    await centre.until(lambda: centre.gateway.retention.rounds > rounds, "the round at night")
    await centre.barrier()
    assert list(await desk.visits_with_photo(home.key)) == []
    assert len(await desk.care_given(home.key)) == 1, "the visit stays"
