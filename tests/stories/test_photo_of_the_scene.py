"""Whoever is inside sends a photo of the scene: the desk sees it in the incident, and it goes after its time."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

from at_the_door import at_the_door
from centre import Centre
from on_both_stores import only_sqlite
from PIL import Image

from alerting.casefile import Role
from alerting.model import EntryKind
from gateway.care.photos_asked import PhotoOf
from tests.dashboard.test_visit_photo import taken
from tests.dashboard.visitor import arrived

SMALL = "data:image/jpeg;base64," + base64.b64encode(taken((400, 300))).decode()


async def test_it_is_shown_at_the_desk_without_where_it_was_taken_and_kept_once(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await door.tap("inside")
        for _ in range(2):  # the answer got lost
            assert (await door.tap("photo", photo_data=SMALL, once="p1")).status_code == 200
        assert (await door.tap("photo", photo_data="data:text/html,x", once="p2")).status_code == 409
        incident = door.it.row.incident
        (kept,) = await centre.gateway.desk.scene_photos(door.file.key, incident)
        assert kept.by == f"responder:{door.who.id}"
        assert await door.it.lines(EntryKind.NOTE) == ["现场照片"]
        desk = arrived(centre, "zuoxi9", Role.OPERATOR)
        address = f"/scenes/{incident}/{kept.name}"
        assert address in await desk.go(f"/?incident={incident}")
        shown = await desk.web.get(address)
        assert shown.headers["content-type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(shown.content))
        assert picture.format == "JPEG"
        assert not picture.getexif()
        other = arrived(centre, "elsewhere", Role.OPERATOR, area="990199")
        assert (await other.web.get(address)).status_code == 404
        assert (await door.phone.web.get(address)).status_code in {303, 403}


@only_sqlite
async def test_it_goes_after_its_time_and_the_photos_of_the_case_file_stay(centre: Centre) -> None:
    await centre.set_up(photo_days=30)
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await door.tap("inside")
        assert (await door.tap("photo", photo_data=SMALL)).status_code == 200
        desk, key, incident = centre.gateway.desk, door.file.key, door.it.row.incident
        assert await desk.keep_home_photo(key, PhotoOf.ENTRANCE, "zhao", taken((400, 300)))
        assert [it.what for it in await desk.home_photos(key)] == ["entrance"]
        rounds = centre.gateway.retention.rounds
        await centre.pass_time(seconds=timedelta(days=31).total_seconds())
        await centre.until(lambda: centre.gateway.retention.rounds > rounds, "the round at night")
        await centre.barrier()
        assert list(await desk.scene_photos(key, incident)) == []
        assert len(await desk.home_photos(key)) == 1
