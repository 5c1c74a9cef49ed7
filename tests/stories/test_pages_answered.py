"""Sent, delivered, seen, accepted: four things; and a provider that fails costs seconds, never a page."""

from __future__ import annotations

import asyncio

import httpx
import msgspec
from centre import Centre
from on_both_stores import only_sqlite
from on_call import DUTY, NUMBER, PIN, on_call
from store_away import read_only

from alerting.casefile import Role
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow
from gateway.notify import Outgoing
from nuanhu.town.carrier import Carrier, Item
from tests.dashboard.visitor import arrived

VOICE = f"voice://main/{NUMBER}"
BOTH = f"voice://main,second/{NUMBER}"


async def test_a_message_that_was_delivered_is_not_accepted(centre: Centre) -> None:
    async with on_call(centre) as story:
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PAGE_DELIVERED)).text == DUTY
        assert await story.lines(row.incident, EntryKind.PAGE_ACCEPTED) == []
        assert (await centre.row_of(centre.home())).unacknowledged
        await centre.pass_time(seconds=30)
        assert (await centre.row_of(centre.home())).climbed == "chain"


async def test_pressing_1_during_the_call_accepts(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.phones[NUMBER] = "presses_1"
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{DUTY}"
        kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
        assert kinds.index(EntryKind.PAGE_DELIVERED) < kinds.index(EntryKind.PAGE_ACCEPTED)


async def test_pressing_2_declines(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.phones[NUMBER] = "presses_2"
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PAGE_DECLINED)).text == f"key|{DUTY}"
        assert await story.lines(row.incident, EntryKind.PAGE_ACCEPTED) == []


async def test_a_call_that_is_only_answered_is_not_accepted(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        row = await story.page()
        await story.line(row.incident, EntryKind.PAGE_DELIVERED)
        await story.reported(story.main, 1)
        assert await story.lines(row.incident, EntryKind.PAGE_ACCEPTED) == []


async def test_a_telephone_that_is_off_busy_or_not_answered_is_told_as_such(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        for nth, (manner, word) in enumerate((("off", "off"), ("busy", "busy"), ("ignores", "no_answer")), 1):
            story.main.phones[NUMBER] = manner  # type: ignore[assignment]
            if nth == 1:
                row = await story.page()
            else:
                await centre.pass_time(seconds=30 if nth == 2 else 300)
            assert (await story.line(row.incident, EntryKind.PAGE_UNDELIVERED, nth)).text == f"{DUTY}|{word}"


@only_sqlite
async def test_the_second_provider_carries_what_the_first_does_not(centre: Centre) -> None:
    async with on_call(centre, BOTH) as story:
        story.second.phones[NUMBER] = "presses_1"
        story.main.go_down()
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{DUTY}"
        assert await story.lines(row.incident, EntryKind.PAGE_FAILED) == []
        health = centre.gateway.pulse.health()
        assert "provider" in health.loud
        assert "duty_phone" not in health.loud
        assert [(view.name, view.error) for view in health.providers] == [("main", "provider_down"), ("second", "")]


@only_sqlite
async def test_a_provider_that_hangs_breaks_or_mumbles_is_left_at_once(centre: Centre) -> None:
    async with on_call(centre, BOTH, main_timeout_s=1.5) as story:
        row = await story.page()
        await centre.until(lambda: story.main.kept("voice"), "the first page, by the first provider")
        for nth, (mood, word) in enumerate(
            (
                ("slow", "provider_silent"),
                ("broken", "provider_down"),
                ("mumbles", "provider_down"),
                ("refuses", "refused"),
            ),
            1,
        ):
            story.main.mood = mood  # type: ignore[assignment]
            await centre.pass_time(seconds=30 if nth == 1 else 300)
            await centre.until(lambda nth=nth: len(to_duty(story.second)) == nth, "the second provider")
            await centre.until(lambda word=word: centre.gateway.pulse.health().providers[0].error == word, word)
        assert await story.lines(row.incident, EntryKind.PAGE_FAILED) == []
        story.main.mood = "up"
        await centre.pass_time(seconds=300)
        await centre.until(lambda: "provider" not in centre.gateway.pulse.health().loud, "the end of the fault")


@only_sqlite
async def test_without_any_provider_the_next_channel_of_the_address_carries_it(centre: Centre) -> None:
    async with on_call(centre, f"{BOTH} record://{centre.folder}/last.jsonl") as story:
        story.main.go_down()
        story.second.go_down()
        await story.page()
        await centre.until(lambda: centre.pages("last.jsonl"), "the page by the last way")
        assert "provider" in centre.gateway.pulse.health().loud


@only_sqlite
async def test_all_ways_failing_is_tried_again_and_said(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.go_down()
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PAGE_FAILED)).text == f"{DUTY}|provider_down"
        assert {"provider", "duty_phone"} <= set(centre.gateway.pulse.health().loud)
        story.main.start()
        await centre.pass_time(seconds=5)
        await centre.until(lambda: story.main.kept("voice"), "the call")
        await centre.until(lambda: not centre.gateway.pulse.health().loud, "the end of the faults")


async def test_reports_said_twice_change_nothing_also_after_a_restart(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.phones[NUMBER] = "presses_1"
        row = await story.page()
        await story.line(row.incident, EntryKind.PAGE_ACCEPTED)
        await story.reported(story.main, 2)
        before = (await centre.incident(row.incident)).timeline
        (item,) = story.main.kept("voice")
        await story.say_again(story.main, item)
        assert (await centre.incident(row.incident)).timeline == before
        await centre.stop_serving()
        await centre.close_gateway()
        await centre.open_gateway()
        await story.serve()
        await story.say_again(story.main, item)
        assert (await centre.incident(row.incident)).timeline == before
        assert set(story.main.answers) == {200}


async def test_a_forged_report_is_refused_and_counted(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        row = await story.page()
        await story.reported(story.main, 1)
        (item,) = story.main.kept("voice")
        forged = msgspec.json.encode({"reference": item.order.reference, "id": item.id, "status": "", "key": "1"})
        assert await story.post(story.main, forged, "another secret") == 403
        await centre.barrier()
        assert await story.lines(row.incident, EntryKind.PAGE_ACCEPTED) == []
        assert centre.gateway.pulse.health().providers[0].refused == 1


@only_sqlite
async def test_what_nobody_ordered_is_taken_and_changes_nothing(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        for reference in ("1.2.3", "x", "9" * 500, "1.2.3.4"):
            body = msgspec.json.encode({"reference": reference, "id": "", "status": "delivered", "key": "1"})
            assert await story.post(story.main, body) == 200
        assert await story.post(story.main, b"[1, null, {}]") == 200
        assert await story.post(story.main, b"{") == 403
        assert await story.post(story.main, b"[" * 40_000) == 403
        assert await story.post(story.main, b" " * 70_000) == 413


@only_sqlite
async def test_a_flood_of_reports_is_bounded_and_forged_ones_keep_no_real_one_out(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.phones[NUMBER] = "presses_1"
        for _ in range(320):
            heard = await centre.gateway.desk.provider_report("main", "x", {}, b"[]")
            assert heard.status == 403
        row = await story.page()
        await story.line(row.incident, EntryKind.PAGE_ACCEPTED)
        assert centre.gateway.pulse.health().providers[0].refused == 320
        while centre.gateway.desk._reports.lets("main"):
            pass
        assert await story.post(story.main, b"[]") == 429
        assert await story.post(story.second, b"[]") == 200
        await centre.pass_time(seconds=1)
        assert await story.post(story.main, b"[]") == 200


@only_sqlite
async def test_a_key_pressed_while_the_store_is_away_counts_at_once_and_is_recorded_later(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        row = await story.page()
        await story.reported(story.main, 1)
        (item,) = story.main.kept("voice")
        key = msgspec.json.encode({"reference": item.order.reference, "id": item.id, "status": "", "key": "1"})
        with read_only(centre):
            said = asyncio.create_task(asyncio.to_thread(story.main.post_report, key))
            await story.line(row.incident, EntryKind.PAGE_ACCEPTED)
            assert not (await centre.row_of(centre.home())).recorded
        assert await said == 200, "said again until it was recorded"
        await centre.until(lambda: centre.gateway.writer.unrecorded.since is None, "the store")
        assert len(await story.lines(row.incident, EntryKind.PAGE_ACCEPTED)) == 1


def to_duty(carrier: Carrier) -> list[Item]:
    """Calls to the duty telephone: in the end everybody is called."""
    return [item for item in carrier.kept("voice") if item.order.number == NUMBER]


def least(row: QueueRow) -> list[str]:
    return [row.resident, row.address]


@only_sqlite
async def test_a_message_says_the_least_of_the_person(centre: Centre) -> None:
    async with on_call(centre) as story:
        row = await story.page()
        await centre.until(lambda: story.main.texts(NUMBER), "the message")
        text = story.main.texts(NUMBER)[0]
        assert not any(part in text for part in least(row))
        assert row.incident in text
        assert row.village in text


@only_sqlite
async def test_a_person_with_a_bare_number_is_reached_through_any_provider(centre: Centre) -> None:
    async with on_call(centre) as story:
        story.main.go_down()
        page = Outgoing(recipient="R1", text="一", channel="sms", address="+86 138 0000 0002", reference="1.2.3")
        sent = centre.gateway.outside.channels.send(page)
        assert (sent.error, sent.carrier) == (None, "second")
        assert story.second.texts("13800000002") == ["一"]


async def test_a_newcomer_sees_the_telephone_ring_and_presses_1(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story, httpx.AsyncClient(base_url=story.main.url) as browser:
        story.main.phones[NUMBER] = "by_hand"
        assert "No telephone rings" in (await browser.get("/")).text
        row = await story.page()
        await centre.until(lambda: story.main.kept("voice"), "the call")
        shown = (await browser.get("/")).text
        assert "ringing" in shown
        assert row.incident in shown
        assert await story.lines(row.incident, EntryKind.PAGE_DELIVERED) == []
        (item,) = story.main.kept("voice")
        for _ in range(2):
            assert (await browser.post("/press", data={"id": item.id, "key": "1"})).status_code == 303
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{DUTY}"
        await story.reported(story.main, 2)
        assert len(await story.lines(row.incident, EntryKind.PAGE_ACCEPTED)) == 1


@only_sqlite
async def test_somebody_who_was_removed_gets_nothing_more_and_their_link_accepts_nothing(centre: Centre) -> None:
    async with on_call(centre) as story:
        row = await story.page()
        path = await story.link()
        await centre.stop_serving()
        await centre.set_up(duty_phones={"另一位": f"record://{centre.folder}/other.jsonl"}, page_pins={})
        told = await centre.gateway.desk.accept_page(path.removeprefix("/p/"), PIN, "accepted", "x")
        assert told.refused == "no_pin"
        before = len(story.main.texts(NUMBER))
        await centre.pass_time(seconds=400)
        await centre.until(lambda: centre.pages("other.jsonl"), "the page to the other")
        assert len(story.main.texts(NUMBER)) == before
        assert await story.lines(row.incident, EntryKind.PAGE_ACCEPTED) == []


@only_sqlite
async def test_a_report_without_our_reference_is_matched_by_the_provider_s_id_also_after_a_restart(
    centre: Centre,
) -> None:
    async with on_call(centre, VOICE) as story:
        row = await story.page()
        await story.reported(story.main, 1)
        (item,) = story.main.kept("voice")
        await centre.stop_serving()
        await centre.close_gateway()
        await centre.open_gateway()
        await story.serve()
        key = msgspec.json.encode({"id": item.id, "status": "", "key": "1"})
        assert await story.post(story.main, key) == 200
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{DUTY}"


async def test_a_provider_s_odd_words_are_kept_short_and_harmless(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        row = await story.page()
        await story.reported(story.main, 1)
        (item,) = story.main.kept("voice")
        for status in ("\0", "x" * 500, "坏|掉", "<b>"):
            body = msgspec.json.encode({"reference": item.order.reference, "id": item.id, "status": status})
            assert await story.post(story.main, body) == 200
        lines = await story.lines(row.incident, EntryKind.PAGE_UNDELIVERED)
        assert [len(line.text) for line in lines] == [len(DUTY) + 1 + n for n in (1, 40, 3, 3)]
        assert [line.text.count("|") for line in lines] == [1, 1, 1, 1]
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        assert "&lt;b&gt;" in await operator.go(f"/incidents/{row.incident}")
