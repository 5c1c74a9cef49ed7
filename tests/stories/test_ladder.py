"""A press that nobody takes reaches a telephone: at its time, once, also over a restart; and a claim stops it."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import httpx
from centre import DUTY_PHONE, Centre
from on_both_stores import only_sqlite
from store_away import read_only

from alerting.commands import Release
from alerting.model import AlarmKind, EntryKind
from gateway.desk.vitals import PhoneView
from gateway.notify import Outgoing, Sent
from gateway.paging.outbox import OutboxNews

SECOND = "备用手机"


async def paged(centre: Centre, count: int, file: str = "pages.jsonl") -> list[str]:
    """The pages, once there are so many of them and all that they led to is written down."""
    await centre.until(lambda: len(centre.pages(file)) >= count, f"page {count} in {file}")
    await centre.until(lambda: not centre.gateway.store.outgoing.unsent(), "the mark")
    await centre.barrier()
    assert len(centre.pages(file)) == count
    return centre.pages(file)


async def kinds_of(centre: Centre, incident: str) -> list[EntryKind]:
    return [entry.kind for entry in (await centre.incident(incident)).timeline]


async def test_a_press_that_nobody_takes_reaches_the_duty_telephone_at_90_s_and_not_before(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=89)
    assert centre.pages() == []
    await centre.pass_time(seconds=1)
    (text,) = await paged(centre, 1)
    assert all(part in text for part in ("P1 紧急", "紧急按钮", f"{row.resident[0]}某", row.village, row.incident))
    assert row.resident not in text
    assert "01-05 08:00:00 起无人受理" in text
    assert "可能重复" not in text
    assert len(centre.rang) == 3, "the press, and each time it climbed"
    assert await kinds_of(centre, row.incident) == [
        EntryKind.ALARM,
        EntryKind.UNCLAIMED,
        EntryKind.ESCALATED,
        EntryKind.ESCALATED,
        EntryKind.PAGE_SENT,
    ]
    assert (await centre.row_of(home)).climbed == "duty"


async def test_the_chain_follows_and_goes_on_until_somebody_claims(centre: Centre) -> None:
    phones = {DUTY_PHONE: f"record://{centre.folder}/pages.jsonl", SECOND: f"record://{centre.folder}/second.jsonl"}
    await centre.set_up(duty_phones=phones)
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=90)
    await paged(centre, 1)
    assert centre.pages("second.jsonl") == []
    await centre.pass_time(seconds=30)
    await paged(centre, 1, "second.jsonl")
    await paged(centre, 2)
    await centre.pass_time(seconds=150)
    await paged(centre, 3)
    await centre.pass_time(seconds=300)
    await paged(centre, 4)
    assert (await centre.row_of(home)).climbed == "everybody"
    await centre.claim(await centre.row_of(home))
    await centre.pass_time(seconds=900)
    await paged(centre, 4)


async def test_a_claim_stops_the_climb(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=89)
    await centre.claim(await centre.row_of(home))
    await centre.pass_time(seconds=600)
    assert centre.pages() == []
    assert (await centre.row_of(home)).climbed == ""


async def test_a_release_begins_the_climb_anew(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=60)
    await centre.claim(row)
    await centre.pass_time(seconds=60)
    await centre.ask(Release(key=row.key, incident=row.incident, by="zuoxi1"))
    await centre.pass_time(seconds=89)
    assert centre.pages() == []
    await centre.pass_time(seconds=1)
    (text,) = await paged(centre, 1)
    assert "08:02:00 起无人受理" in text


async def test_a_second_press_begins_the_climb_anew(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.claim(await centre.row_of(home))
    await centre.pass_time(seconds=300)
    await centre.press(home)
    await centre.pass_time(seconds=89)
    assert centre.pages() == []
    await centre.pass_time(seconds=1)
    await paged(centre, 1)


async def test_pressing_on_does_not_put_off_the_telephone(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=60)
    await centre.press(home)
    await centre.pass_time(seconds=30)
    await paged(centre, 1)


async def test_a_press_of_an_unregistered_device_climbs_too(centre: Centre) -> None:
    home = centre.home()
    topic = f"{home.bridge.prefix}/up/UNKNOWN-1/event"
    event = {"id": "x1", "kind": "panic", "boot": "b1", "seq": 1, "at": None}
    await centre.say(home.bridge.id, topic, event)
    (row,) = await centre.queue()
    assert row.household == ""
    await centre.pass_time(seconds=90)
    (text,) = await paged(centre, 1)
    assert "未登记设备" in text
    assert "UNKNOWN-1" in text


async def test_a_gateway_that_stops_between_two_steps_goes_on_with_the_next(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=60)
    await centre.close_gateway()
    centre.clock.advance(timedelta(seconds=10))
    await centre.open_gateway()
    await centre.pass_time(seconds=19)
    assert centre.pages() == []
    await centre.pass_time(seconds=1)
    await paged(centre, 1)
    assert (await centre.row_of(home)).climbed == "duty"


async def test_what_fell_due_while_the_gateway_was_away_is_done_when_it_is_back(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.close_gateway()
    centre.clock.advance(timedelta(seconds=110))
    await centre.open_gateway()
    (text,) = await paged(centre, 1)
    assert "可能重复" not in text


async def test_killed_between_sending_and_marking_it_is_sent_once_more_and_says_so(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    killed: list[OutboxNews] = []
    centre.gateway.outbox.record = killed.append  # all that the process still did was to send
    await centre.pass_time(seconds=90)
    await centre.until(lambda: killed, "the page")
    await centre.close_gateway()
    await centre.open_gateway()
    first, second = await paged(centre, 2)
    assert "可能重复" not in first
    assert "可能重复" in second
    assert first.split("】")[1] == second.split("】")[1]
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.barrier()
    assert len(centre.pages()) == 2
    assert (await kinds_of(centre, row.incident)).count(EntryKind.PAGE_SENT) == 1


async def test_a_channel_that_fails_is_tried_again_and_noted_while_the_climb_goes_on(centre: Centre) -> None:
    phones = {
        DUTY_PHONE: f"record://{centre.folder}/away/pages.jsonl",
        SECOND: f"record://{centre.folder}/second.jsonl",
    }
    await centre.set_up(duty_phones=phones)
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=90)
    await centre.until(lambda: "duty_phone" in centre.gateway.pulse.health().warnings, "the fault")
    await centre.barrier()
    assert (await kinds_of(centre, row.incident))[-1] is EntryKind.PAGE_FAILED
    await centre.pass_time(seconds=30)
    await centre.until(lambda: centre.pages("second.jsonl"), "the chain")
    (centre.folder / "away").mkdir()
    await centre.pass_time(seconds=20)
    await centre.until(lambda: len(centre.pages("away/pages.jsonl")) == 2, "both pages to the first telephone")
    assert all("可能重复" in text for text in centre.pages("away/pages.jsonl"))
    await centre.barrier()
    assert (await kinds_of(centre, row.incident)).count(EntryKind.PAGE_FAILED) == 2, "once a page, not once a try"
    assert "duty_phone" not in centre.gateway.pulse.health().warnings


async def test_a_page_that_cannot_be_sent_is_given_up_aloud(centre: Centre) -> None:
    await centre.set_up(duty_phones={DUTY_PHONE: f"record://{centre.folder}/away/pages.jsonl"})
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=90)
    await centre.until(lambda: "duty_phone" in centre.gateway.pulse.health().warnings, "the first failure")
    await centre.barrier()
    for _ in range(2):
        await centre.pass_time(seconds=150)
        await centre.barrier()
    await centre.told_of(row.incident, EntryKind.PAGE_LOST)
    (log, *_) = [centre.gateway.store.outgoing.sent_log(place) for place in outbox_places(centre)]
    assert len(log) >= 2
    assert not any(ok for _, _, _, ok, _ in log)


def outbox_places(centre: Centre) -> list[tuple[int, int, int]]:
    """Keys of all outbox rows, in order."""
    from sqlalchemy import select  # noqa: PLC0415 - the store as it lies there

    from gateway.store import schema  # noqa: PLC0415

    o = schema.outbox.c
    with centre.gateway.store.engine.connect() as c:
        return [(p, s, n) for p, s, n in c.execute(select(o.partition, o.seq, o.n).order_by(o.seq, o.n))]


async def test_once_somebody_has_it_a_page_is_not_tried_any_more(centre: Centre) -> None:
    await centre.set_up(duty_phones={DUTY_PHONE: f"record://{centre.folder}/away/pages.jsonl"})
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=90)
    await centre.until(lambda: "duty_phone" in centre.gateway.pulse.health().warnings, "the failure")
    await centre.claim(await centre.row_of(home))
    await centre.until(lambda: not centre.gateway.store.outgoing.unsent(), "the mark")
    (centre.folder / "away").mkdir()
    await centre.pass_time(seconds=60)
    assert centre.pages("away/pages.jsonl") == []


async def test_a_channel_that_does_not_answer_is_a_fault_and_holds_up_nobody_else(centre: Centre) -> None:
    await centre.set_up(
        duty_phones={**centre.settings["duty_phones"], SECOND: f"record://{centre.folder}/second.jsonl"}
    )
    answers, channels = threading.Event(), centre.gateway.outbox._notifier

    class Hanging:
        def send(self, page: Outgoing) -> Sent:
            if page.recipient == DUTY_PHONE:
                answers.wait(10)
            return channels.send(page)

    centre.gateway.outbox._notifier = Hanging()
    await centre.press(centre.home())
    await centre.pass_time(seconds=90)
    await centre.until(lambda: centre.gateway.outbox._busy, "the channel to be asked")
    await centre.pass_time(seconds=30)
    await centre.until(lambda: centre.pages("second.jsonl"), "the page to the telephone that answers")
    await centre.pass_time(seconds=60)
    await centre.until(lambda: "duty_phone" in centre.gateway.pulse.health().warnings, "the fault")
    assert centre.pages() == []
    answers.set()
    await centre.until(lambda: len(centre.pages()) == 2, "what waited")
    await centre.until(lambda: "duty_phone" not in centre.gateway.pulse.health().warnings, "the end of the fault")


@only_sqlite
async def test_while_the_store_takes_nothing_the_climb_goes_on_and_the_page_says_that_it_may_repeat(
    centre: Centre,
) -> None:
    with read_only(centre):
        home = centre.home()
        await centre.press(home, settle=False)
        await centre.until(lambda: centre.rang, "the press")
        await centre.pass_time(seconds=90)
        await centre.until(centre.pages, "the page")
        assert "可能重复" in centre.pages()[0]
    await centre.settled()
    await paged(centre, 1)
    kinds = await kinds_of(centre, (await centre.row_of(home)).incident)
    assert kinds[0] is EntryKind.ALARM
    assert kinds.count(EntryKind.PAGE_SENT) == 1
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.barrier()
    assert len(centre.pages()) == 1


async def test_every_duty_telephone_is_tested_daily_and_a_failing_one_is_a_fault(centre: Centre) -> None:
    phones = {DUTY_PHONE: f"record://{centre.folder}/pages.jsonl", SECOND: f"record://{centre.folder}/away/x.jsonl"}
    await centre.set_up(duty_phones=phones)
    assert centre.carried() == []
    ten = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    await centre.pass_time(seconds=(ten - centre.clock.now()).total_seconds())
    await centre.until(lambda: all(view.tested_at for view in views(centre)), "the tests")
    (text,) = daily_calls(centre)
    assert DUTY_PHONE in text
    assert [(view.name, view.tested_at, bool(view.error)) for view in views(centre)] == [
        (DUTY_PHONE, ten, False),
        (SECOND, ten, True),
    ]
    assert "duty_phone" in (await centre.gateway.desk.health()).warnings
    await centre.until(lambda: len(centre.gateway.store.outgoing.last_tests()) == 2, "the results in the store")
    await centre.close_gateway()
    await centre.open_gateway()
    assert "duty_phone" in (await centre.gateway.desk.health()).warnings, "known over a restart"
    (centre.folder / "away").mkdir()
    await centre.pass_time(minutes=15)
    await centre.until(lambda: "duty_phone" not in centre.gateway.pulse.health().warnings, "the test after the repair")
    assert len(daily_calls(centre)) == 1, "who passed is not tested again on the same day"
    await centre.pass_time(hours=24)
    await centre.until(lambda: len(daily_calls(centre)) == 2, "the test of the next day")


def daily_calls(centre: Centre) -> list[str]:
    """The daily tests among what was carried; a day without anybody's movement is a flood, and calls for it too."""
    return [text for text in centre.carried() if "每日呼叫测试" in text]


def views(centre: Centre) -> tuple[PhoneView, ...]:
    return centre.gateway.phones.views()


async def test_a_centre_without_a_duty_telephone_says_so_and_goes_on_ringing(centre: Centre) -> None:
    await centre.set_up(duty_phones={})
    health = await centre.gateway.desk.health()
    assert (health.faults, health.loud) == ((), ("no_duty_phone",))
    url = await centre.serve()
    answer = await asyncio.to_thread(httpx.get, f"{url}/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert "no_duty_phone" in answer.json()["warnings"]
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=90)
    row = await centre.row_of(home)
    assert (row.alarms[0].kind, row.climbed) == (AlarmKind.PANIC, "chain"), "the step of the duty telephone is skipped"
    rang = len(centre.rang)
    await centre.pass_time(seconds=330)
    assert len(centre.rang) > rang
