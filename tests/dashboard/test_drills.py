"""The pages of a drill: whom it would call, the report, the file, and who may see them."""

from __future__ import annotations

import html
import io

from centre import Centre
from openpyxl import load_workbook

from alerting.casefile import AreaLevel, Role
from tests.dashboard.visitor import arrived, press


def towns(centre: Centre) -> list[str]:
    return [it.key for it in centre.gateway.directory.areas.values() if it.level is AreaLevel.TOWN]


async def test_a_supervisor_starts_one_sees_the_report_takes_the_file_and_calls_the_silent_again(
    centre: Centre,
) -> None:
    home = centre.gateway.directory.households[centre.home().household]
    area = next(it for it in towns(centre) if home.area.startswith(f"{it}."))
    supervisor = arrived(centre, "zhuguan", Role.SUPERVISOR)
    page = html.unescape(await supervisor.go("/drills"))
    assert "还没有演练" in page
    await supervisor.go(f"/drills?area={area}")
    names = [it.name for it in await centre.gateway.desk.drill_people(area) if not it.why_not]
    page = await press(supervisor, "/drills/start", "", within_min="5", note="月度演练")
    assert supervisor.path == f"/drills/{area}/1"
    assert all(name in page for name in names)
    assert "月度演练" in page
    assert 'id="drill-stop"' in page
    assert "正在进行" in html.unescape(await supervisor.go(f"/drills?area={area}"))
    await centre.pass_time(minutes=5)
    page = await supervisor.go(f"/drills/{area}/1")
    assert f"{len(names)} 人中 0 人" in page
    answer = await supervisor.web.get(f"/drills/{area}/1/file")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert {str(row[0].value) for row in sheet.iter_rows(min_row=2)} == set(names)
    page = await supervisor.go(f"/drills?area={area}&again=1")
    assert page.count(" checked>") == len(names)
    assert "仅勾选了上次未应答的人员" in page


async def test_who_makes_no_choice_keeps_what_was_typed(centre: Centre) -> None:
    area = towns(centre)[0]
    supervisor = arrived(centre, "zhuguan", Role.SUPERVISOR)
    await supervisor.go(f"/drills?area={area}")
    page = await press(supervisor, "/drills/start", "", person=[], note="谁都不叫")
    assert supervisor.status == 409
    assert "未选择可呼叫的人员" in page
    assert 'value="谁都不叫"' in page


async def test_nobody_sees_or_starts_a_drill_of_another_town(centre: Centre) -> None:
    one, other = towns(centre)[:2]
    chief = arrived(centre, "zhuguan", Role.SUPERVISOR)
    await chief.go(f"/drills?area={one}")
    await press(chief, "/drills/start", "", within_min="5")
    theirs = arrived(centre, "zhenzhang", Role.SUPERVISOR, area=other)
    await theirs.go(f"/drills/{one}/1")
    assert theirs.status == 404
    await theirs.go(f"/drills/{one}/1/file")
    assert theirs.status == 404
    page = await theirs.go("/drills")
    assert f'value="{one}"' not in page
    sent = {**theirs.form("/drills/start"), "area": one, "within_min": "5"}
    assert (await theirs.post("/drills/start", **sent)).status_code == 403
    assert (await theirs.post(f"/drills/{one}/stop", **theirs.form("/drills/start"))).status_code == 404
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    await operator.go("/drills")
    assert operator.status == 403
