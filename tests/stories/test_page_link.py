"""The link in a message: opening it is no answer, the PIN is; it is for one person, one incident and a short time."""

from __future__ import annotations

import httpx
from centre import Centre
from on_both_stores import only_sqlite
from on_call import DUTY, NUMBER, PIN, OnCall, on_call

from alerting.casefile import Role
from alerting.model import EntryKind
from tests.dashboard.visitor import Visitor, arrived


async def opened(story: OnCall) -> tuple[Visitor, str, str]:
    """The person opens the link on a telephone: browser, path, incident."""
    row = await story.page()
    path = await story.link()
    visitor = Visitor(story.centre)
    await visitor.go(path)
    return visitor, path, row.incident


async def answer(visitor: Visitor, path: str, pin: str, what: str = "accepted") -> httpx.Response:
    fields = visitor.form(path)
    return await visitor.post(path, **fields, pin=pin, answer=what)


async def test_opening_the_link_is_seen_and_not_accepted(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        assert visitor.status == 200
        for _ in range(3):
            await visitor.go(path)
        assert (await story.line(incident, EntryKind.PAGE_SEEN)).text == DUTY
        assert len(await story.lines(incident, EntryKind.PAGE_SEEN)) == 1
        assert await story.lines(incident, EntryKind.PAGE_ACCEPTED) == []
        assert (await centre.row_of(centre.home())).unacknowledged


async def test_the_page_shows_the_least_and_the_answer_with_the_pin_where_to_go(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        row = await centre.row_of(centre.home())
        assert row.resident not in visitor.page
        assert row.address not in visitor.page
        assert row.village in visitor.page
        assert "<script" not in visitor.page
        said = await answer(visitor, path, PIN)
        assert said.status_code == 200
        assert row.resident in said.text
        assert row.address in said.text
        assert (await story.line(incident, EntryKind.PAGE_ACCEPTED)).text == f"link|{DUTY}"
        assert row.address not in await visitor.go(path)
        assert DUTY in visitor.page


async def test_the_same_form_sent_twice_accepts_once(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        fields = visitor.form(path)
        for _ in range(2):
            await visitor.post(path, **fields, pin=PIN, answer="accepted")
        assert len(await story.lines(incident, EntryKind.PAGE_ACCEPTED)) == 1


async def test_who_cannot_says_so(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        row = await centre.row_of(centre.home())
        said = await answer(visitor, path, PIN, "declined")
        assert row.address not in said.text
        assert (await story.line(incident, EntryKind.PAGE_DECLINED)).text == f"link|{DUTY}"


@only_sqlite
async def test_wrong_pins_are_bounded(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        statuses = [(await answer(visitor, path, "0000")).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]
        assert (await answer(visitor, path, PIN)).status_code == 429, "also the right one, for a while"
        assert await story.lines(incident, EntryKind.PAGE_ACCEPTED) == []
        await centre.pass_time(minutes=31)
        assert (await answer(visitor, path, PIN)).status_code == 200


@only_sqlite
async def test_a_link_is_over_after_a_while(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        fields = visitor.form(path)
        await centre.pass_time(minutes=46)
        assert (await visitor.post(path, **fields, pin=PIN, answer="accepted")).status_code == 410
        await visitor.go(path)
        assert visitor.status == 410
        assert incident not in visitor.page
        assert await story.lines(incident, EntryKind.PAGE_ACCEPTED) == []


@only_sqlite
async def test_a_link_that_was_changed_leads_nowhere(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, _ = await opened(story)
        reference, _, rest = path.removeprefix("/p/").rpartition(".")
        changed = [path[:-1] + ("A" if path[-1] != "A" else "B"), path + "x", f"/p/{reference}", f"/p/{reference}."]
        changed += [f"/p/1{path.removeprefix('/p/')}", f"/p/{rest}", "/p/x", "/p/" + "9" * 500, "/p/1.2.3.zzzzzz.sig"]
        for one in changed:
            await visitor.go(one)
            assert visitor.status == 410, one


@only_sqlite
async def test_a_form_that_none_of_our_pages_made_is_refused(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        stranger = Visitor(centre)
        assert (await stranger.post(path, pin=PIN, answer="accepted")).status_code == 403
        elsewhere = await visitor.post(
            path, headers={"origin": "https://else.example"}, **visitor.form(path), pin=PIN, answer="accepted"
        )
        assert elsewhere.status_code == 403
        assert await story.lines(incident, EntryKind.PAGE_ACCEPTED) == []


@only_sqlite
async def test_somebody_without_a_pin_is_told_to_press_1(centre: Centre) -> None:
    async with on_call(centre, page_pins={}) as story:
        visitor, path, incident = await opened(story)
        assert 'name="pin"' not in visitor.page
        assert "按 1" in visitor.page
        await visitor.go("/sign-in")
        fields = {**visitor.form("/sign-in"), "pin": "", "answer": "accepted"}
        assert (await visitor.post(path, **fields)).status_code == 409
        assert await story.lines(incident, EntryKind.PAGE_ACCEPTED) == []


@only_sqlite
async def test_once_the_desk_has_it_the_link_asks_nothing_more(centre: Centre) -> None:
    async with on_call(centre) as story:
        visitor, path, _ = await opened(story)
        row = await centre.row_of(centre.home())
        await centre.claim(row)
        await visitor.go(path)
        assert 'name="pin"' not in visitor.page
        await centre.press(centre.home())
        assert 'name="pin"' in await visitor.go(path), "it rings again, and nobody has taken that"
        await centre.claim(row)
        await centre.spoke(row)
        assert (await centre.close(row)).done
        assert 'name="pin"' not in await visitor.go(path)


async def test_a_link_outlives_a_restart(centre: Centre) -> None:
    async with on_call(centre, f"sms://main/{NUMBER}") as story:
        _, path, incident = await opened(story)
        await centre.stop_serving()
        await centre.close_gateway()
        await centre.open_gateway()
        visitor = Visitor(centre)
        await visitor.go(path)
        assert visitor.status == 200
        await answer(visitor, path, PIN)
        assert (await story.line(incident, EntryKind.PAGE_ACCEPTED)).text == f"link|{DUTY}"


@only_sqlite
async def test_both_pages_on_which_one_accepts_say_the_same(centre: Centre) -> None:
    """One is for whoever has an account, one for whoever has a PIN: nobody reads two meanings into one call."""
    async with on_call(centre) as story:
        visitor, path, incident = await opened(story)
        supervisor = arrived(centre, "zhuren", Role.SUPERVISOR)
        pages = [(visitor, path), (supervisor, f"/accept/{incident}")]
        for reader, page in pages:
            await reader.go(page)
            assert "尚无人受理。接手后请立即上门或致电，并告知值班台。" in reader.page
            assert "我来接手</button>" in reader.page
        await centre.claim(await centre.row_of(centre.home()))
        for reader, page in pages:
            await reader.go(page)
            assert "值班台已有人受理，或警情已结束，目前无需您处理。" in reader.page
            assert "我来接手" not in reader.page
