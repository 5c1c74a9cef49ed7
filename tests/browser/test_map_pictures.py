"""Map pictures come from the one host that was set, moved to its datum; without the setting nothing is asked of any."""

from playwright.async_api import Request, Route
from screens import Screens

from alerting.intake.datum import GCJ02, from_wgs84

ELSEWHERE = "http://pictures.example:8080"
TILES = f"{ELSEWHERE}/{{z}}/{{x}}/{{y}}.png"
ONE_PIXEL = bytes.fromhex("47494638396101000100800000d8dee2ffffff2c00000000010001000002024401003b")
NEAR = 2e-6


async def test_without_the_setting_no_page_names_another_host(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    await page.wait_for_selector("#towns button", state="attached")
    answer = await page.request.get("/")
    assert "img-src 'self';" in answer.headers["content-security-policy"]
    assert await page.locator(".leaflet-tile").count() == 0


async def test_with_it_only_maps_ask_only_that_host(screens: Screens) -> None:
    await screens.centre.stop_serving()
    await screens.centre.set_up(map_tiles=TILES, map_datum="GCJ-02", map_credit="测绘 <院>")
    screens.address = await screens.centre.serve()
    screens.expects(f"left the origin: {ELSEWHERE}/")
    page = await screens.visit("/sign-in", login="zuoxi1")
    asked: list[Request] = []

    async def given(route: Route) -> None:
        asked.append(route.request)
        await route.fulfill(body=ONE_PIXEL, content_type="image/gif")

    await page.context.route(f"{ELSEWHERE}/**", given)
    row = await screens.pressed(screens.centre.home())
    await page.goto("/")
    await page.wait_for_selector(".leaflet-tile-loaded")
    await page.wait_for_selector(".map-dot")
    assert row.lat is not None
    assert "测绘 <院>" in await page.locator(".leaflet-control-attribution").inner_text()
    assert asked
    assert all(request.resource_type == "image" and "referer" not in request.headers for request in asked)
    answers = {path: await page.request.get(path) for path in ("/", "/overview", "/households")}
    named = {path for path, answer in answers.items() if ELSEWHERE in answer.headers["content-security-policy"]}
    assert named == {"/", "/overview"}


async def test_the_browser_moves_a_place_as_the_gateway_does(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    for lat, lon in ((31.49, 120.31), (39.908, 116.397), (23.13, 113.26)):
        moved = await page.evaluate(
            "async ([at, datum]) => (await import('/static/datum.js')).onMap(at, datum)", [[lat, lon], "GCJ-02"]
        )
        expected = from_wgs84(lat, lon, GCJ02)
        assert all(abs(a - b) < NEAR for a, b in zip(moved, expected, strict=True)), (moved, expected)
