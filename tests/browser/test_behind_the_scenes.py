"""What could not be used, and how the gateway is, can be looked at."""

from playwright.async_api import expect
from screens import Screens


async def test_a_bad_message_is_shown_with_its_reason(screens: Screens) -> None:
    home = screens.centre.home()
    topic = f"nuanhu/1/{home.bridge.id}/up/sos/event"
    await screens.centre.say(home.bridge.id, topic, b'{"kind": "panic", broken')
    page = await screens.sign_in("admin", "/quarantine")
    shown = page.locator("#quarantine tbody tr")
    await expect(shown).to_have_count(1)
    for text in ("不是 JSON", topic, home.bridge.id, '"panic", broken'):
        await expect(shown).to_contain_text(text)


async def test_the_health_page_shows_broker_and_store(screens: Screens) -> None:
    page = await screens.sign_in("admin", "/health")
    facts = page.locator("#health dl").first
    await expect(facts.locator("div").filter(has_text="消息服务器")).to_contain_text("已连接")
    await expect(facts.locator("div").filter(has_text="存储")).to_contain_text("sqlite")
    await expect(page.locator("#health")).not_to_contain_text("收不到任何信号")

    screens.centre.broker.stop()
    await screens.centre.until(lambda: not screens.centre.gateway.ingest.connected.is_set(), "the gateway to notice")
    await page.reload()
    await expect(facts.locator("div").filter(has_text="消息服务器")).to_contain_text("未连接")
    await expect(page.locator("#health .soundness .is-bad").filter(has_text="收不到任何信号")).to_be_visible()
