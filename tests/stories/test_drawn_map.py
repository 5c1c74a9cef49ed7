"""On the page of a job the way is drawn, without a map's maker and without a network: where to, and who else comes."""

from __future__ import annotations

import re

from at_the_door import at_the_door
from centre import Centre
from on_the_way import near


async def test_the_home_in_the_middle_and_who_else_was_sent(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        second = (await near(centre))[1]
        assert (await door.it.send(second)).done
        await door.sent()
        assert 'class="job-map"' not in await door.look(), "not before the PIN"
        page = await door.opened()
        name = centre.gateway.directory.responders[second].name
        (svg,) = re.findall(r'<svg class="job-map".*?</svg>', page)
        assert "目的地：住户家" in svg
        assert name in svg
        assert len(svg.encode()) < 6000
        assert "uri.amap.com" in page, "the links stay"


async def test_a_last_position_is_drawn_with_how_exact_it_is(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent(destination="最后定位", spot=(door.file.place.lat + 0.01, door.file.place.lon))
        (svg,) = re.findall(r'<svg class="job-map".*?</svg>', await door.opened())
        assert "目的地：最后定位" in svg
        assert "住户家：正南方向 1.1 km" in svg


async def test_where_only_words_say_where_nothing_is_drawn(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent(destination="村口小卖部")
        assert 'class="job-map"' not in await door.opened()
