"""Photos of a case file: of a resident and of the way in, seen by whoever says why, with a history."""

from __future__ import annotations

import re

import sqlalchemy
from centre import Centre

from alerting.casefile import Role
from gateway.care.photos_asked import PhotoOf
from gateway.store.home_photos import home_photo
from tests.dashboard.test_visit_photo import home_of, taken
from tests.dashboard.visitor import Visitor, arrived


async def put(keeper: Visitor, what: str, photo: bytes | None, name: str = "photo.jpg") -> None:
    """By the form without scripts; without a photo it is taken out."""
    home = home_of(keeper.centre)
    await keeper.go(f"/households/{home.key}")
    token = re.search(r'name="csrf" value="(\w+)"', keeper.page)
    assert token is not None
    fields = {"csrf": token[1]} | ({} if photo is not None else {"out": "1"})
    files = {"photo": (name, photo or b"", "image/jpeg")}
    answer = await keeper.web.post(f"/households/{home.key}/photos/{what}", data=fields, files=files)
    await keeper._show(answer)


async def test_it_is_kept_sealed_and_shown_only_to_whoever_says_why(centre: Centre) -> None:
    home, keeper = home_of(centre), arrived(centre, "zhu", Role.SUPERVISOR)
    address = f"/households/{home.key}/photos/resident"
    await put(keeper, "resident", taken())
    assert "说明查看事由后可见" in keeper.page
    assert f'src="{address}"' not in keeper.page
    await keeper.go(address)
    assert keeper.path.startswith(f"/households/{home.key}"), "first say why"
    await keeper.send(f"/households/{home.key}/open", reason="asked", note="家属来电")
    assert f'src="{address}"' in keeper.page
    shown = await keeper.web.get(address)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"
    assert shown.content[:2] == b"\xff\xd8"
    assert b"SecretPhone" not in shown.content
    with centre.gateway.store.engine.connect() as c:
        (body,) = c.execute(sqlalchemy.select(home_photo.c.body)).scalars().all()
    assert shown.content not in bytes(body)
    assert (await keeper.web.get(f"/households/{home.key}/photos/entrance")).status_code == 404
    assert (await keeper.web.get(f"/households/{home.key}/photos/nonsense")).status_code == 404


async def test_a_newer_one_stands_and_what_was_is_in_the_history(centre: Centre) -> None:
    home, keeper = home_of(centre), arrived(centre, "zhu", Role.SUPERVISOR)
    await put(keeper, "entrance", taken((600, 400)))
    first = await centre.gateway.desk.home_photo(home.key, PhotoOf.ENTRANCE)
    await centre.pass_time(minutes=1)
    await put(keeper, "entrance", taken((400, 600)))
    assert await centre.gateway.desk.home_photo(home.key, PhotoOf.ENTRANCE) not in {b"", first}
    await centre.pass_time(minutes=1)
    await put(keeper, "entrance", None)
    assert await centre.gateway.desk.home_photo(home.key, PhotoOf.ENTRANCE) == b""
    assert [it.is_there for it in await centre.gateway.desk.home_photos(home.key)] == [False, True, True]
    assert keeper.page.count("已保存照片") == 2
    assert "已移除" in keeper.page
    assert (await keeper.web.get(f"/households/{home.key}/photos/entrance")).status_code == 303, "nobody has said why"


async def test_only_whoever_keeps_case_files_changes_it_and_only_with_a_picture(centre: Centre) -> None:
    home, keeper = home_of(centre), arrived(centre, "zhu", Role.SUPERVISOR)
    await put(keeper, "resident", b"no picture")
    assert await centre.gateway.desk.home_photos(home.key) == []
    assert "refused=not_a_photo" in keeper.path
    other = arrived(centre, "fremd", Role.SUPERVISOR, area="999999")
    assert (await other.web.get(f"/households/{home.key}/photos/resident")).status_code == 404
    operator = arrived(centre, "op", Role.OPERATOR)
    await operator.go(f"/households/{home.key}")
    assert f'action="/households/{home.key}/photos/resident"' not in operator.page
    assert (await operator.web.post(f"/households/{home.key}/photos/resident", data={})).status_code == 403
