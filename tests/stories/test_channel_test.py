"""A test send reaches whom it is for, says that it is a test, and touches no incident; its receipts are on the page."""

from __future__ import annotations

import asyncio
import html

from centre import DUTY_PHONE, Centre
from on_call import on_call

from alerting.casefile import Role
from tests.dashboard.visitor import Visitor, arrived

NUMBER = "13900000077"


async def keeper(centre: Centre) -> Visitor:
    visitor = arrived(centre, "guanli", Role.ADMINISTRATOR)
    await visitor.go("/channels")
    return visitor


async def send(visitor: Visitor, channel: str, to: str) -> str:
    await visitor.go("/channels")
    fields = visitor.form("/channels/test") | {"channel": channel, "to": to}
    answer = await visitor.post("/channels/test", **fields)
    visitor.status = answer.status_code
    return html.unescape(answer.text)


async def steps(centre: Centre, wanted: int) -> list[str]:
    """What became of the latest test, once so much has."""
    for _ in range(1000):
        (latest, *_others) = await centre.gateway.desk.test_sends()
        if len(latest.steps) >= wanted:
            return [it.what for it in latest.steps]
        await asyncio.sleep(0.01)
    raise AssertionError(f"no {wanted} steps: {latest.steps}")


async def test_a_duty_telephone_gets_it_and_it_says_that_it_is_no_incident(centre: Centre) -> None:
    visitor = await keeper(centre)
    await send(visitor, "phone", DUTY_PHONE)
    assert visitor.status == 303
    assert await steps(centre, 2) == ["asked", "taken"]
    (text,) = [it for it in centre.carried() if "通道测试" in it]
    assert "不是警情，无需处理" in text
    assert not centre.rang
    assert await centre.queue() == []
    page = await visitor.go("/channels")
    assert DUTY_PHONE in page.split('id="tests"')[1]

    def kept() -> bool:
        return any("guanli|phone" in whom for whom in centre.gateway.store.outgoing.last_tests())

    await centre.until(kept, "who sent it to be kept")


async def test_a_typed_number_gets_it_and_the_provider_s_receipt_is_shown(centre: Centre) -> None:
    async with on_call(centre):
        visitor = await keeper(centre)
        before = await centre.queue()
        await send(visitor, "sms", NUMBER)
        assert visitor.status == 303
        assert await steps(centre, 3) == ["asked", "taken", "delivered"]
        assert await centre.queue() == before
        page = await visitor.go("/channels")
        shown = page.split('id="tests"')[1]
        assert NUMBER not in shown, "numbers are shown with their middle hidden"
        assert "139****0077" in shown
        assert "已送达" in shown


async def test_what_is_no_number_and_too_many_are_refused(centre: Centre) -> None:
    visitor = await keeper(centre)
    assert "不是电话号码" in await send(visitor, "sms", "hello")
    assert "不是电话号码" in await send(visitor, "phone", "nobody")
    assert "没有设置可承载的服务商" in await send(visitor, "sms", NUMBER)
    assert "没有已核实的地址" in await send(visitor, "own", "sms")
    for _ in range(6):
        await send(visitor, "phone", DUTY_PHONE)
        assert visitor.status == 303
    assert "测试过于频繁" in await send(visitor, "phone", DUTY_PHONE)
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    await operator.go("/channels")
    assert operator.status == 403


async def test_of_a_town_one_sends_to_oneself_alone_and_sees_nobody_else_s_tests(centre: Centre) -> None:
    visitor = await keeper(centre)
    await send(visitor, "phone", DUTY_PHONE)
    await steps(centre, 2)
    town = centre.gateway.directory.people.towns[0]
    theirs = arrived(centre, "zhenguan", Role.ADMINISTRATOR, area=town)
    page = await theirs.go("/channels")
    assert DUTY_PHONE not in page.split('id="tests"')[1]
    assert 'name="to" type="tel"' not in page
    token = theirs.form("/sign-out")
    for channel, to in (("phone", DUTY_PHONE), ("sms", NUMBER), ("voice", NUMBER)):
        answer = await theirs.post("/channels/test", **token, channel=channel, to=to)
        assert answer.status_code == 403
    assert len(await centre.gateway.desk.test_sends()) == 1
    answer = await theirs.post("/channels/test", **token, channel="own", to="sms")
    assert answer.status_code == 409, "they have no address"
