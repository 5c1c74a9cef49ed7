"""A supervisor makes a plan for the night, is refused one that would reach nobody, and swaps two shifts."""

from datetime import timedelta

from playwright.async_api import expect
from screens import Screens, picture

from alerting.duty.plan import Target, TargetKind
from alerting.duty.roster import Times, on_duty
from alerting.model import Priority
from nuanhu.town import duty as town_duty
from tests.on_duty import save_roster

PHONE_WIDTH = 390


async def _with_roster(screens: Screens) -> None:
    centre = screens.centre
    drawn_up = town_duty.roster(centre.plan.registry, ("zhuguan", "zhuguan2"), centre.clock.now())
    assert (await save_roster(centre, drawn_up)).done


async def test_a_plan_for_the_night_is_refused_without_a_last_step_that_is_staffed_then_holds(
    screens: Screens,
) -> None:
    screens.expects("409")
    await _with_roster(screens)
    page = await screens.sign_in("zhuguan", "/duty")
    await page.locator("#new-plan").click()
    await page.locator("#plan-name").fill("夜间紧急")
    await page.locator("input[name=from_at]").fill("22:00")
    await page.locator("input[name=to_at]").fill("06:00")
    for n in (4, 3):
        await page.locator(f"#step-{n}").get_by_role("button", name="删除").click()
    await page.locator("#step-2").get_by_role("button", name="在其后添加一步").click()
    last = page.locator("#step-3")
    await expect(last.locator("input[type=number]")).to_have_value("90")
    await last.get_by_label("村级帮扶责任人").check()
    await page.locator("#do-save").click()
    await expect(page.locator("#reasons")).to_contain_text("P1 预案的最后一步须任何时刻都有人")
    await expect(last.locator(".field-wrong")).to_contain_text("P1 预案的最后一步须任何时刻都有人")
    await expect(page.locator("#plan-name")).to_have_value("夜间紧急")
    await picture(page, "plan-refused")
    assert screens.centre.gateway.judge.policy.editions.plans == ()
    await last.get_by_label("全部值班电话").check()
    await last.get_by_label("镇值班").check()
    await page.locator("#do-try").click()
    await expect(page.locator("#trial")).to_contain_text("适用预案： 夜间紧急")
    await expect(page.locator(".trial-steps > li").first).to_contain_text("02:00:30")
    await expect(page.locator(".trial-steps > li").last).to_contain_text("全体相关人员")
    await picture(page, "plan-tried")
    assert screens.centre.gateway.judge.policy.editions.plans == (), "a trial saves nothing"
    await page.locator("#do-save").click()
    await expect(page.locator("#plans")).to_contain_text("夜间紧急")
    (plan,) = screens.centre.gateway.judge.policy.editions.plans
    assert (plan.priority, plan.times) == (Priority.P1, Times(from_min=22 * 60, to_min=6 * 60))
    assert [it.after_s for it in plan.steps] == [30, 60, 90]
    assert Target(kind=TargetKind.ON_DUTY, role="town_duty") in plan.steps[-1].targets


async def test_two_shifts_are_swapped_in_the_week_and_a_gap_is_red_before_it_is_saved(screens: Screens) -> None:
    centre = screens.centre
    await _with_roster(screens)
    page = await screens.sign_in("zhuguan", "/duty/roster/edit", scripts=False)
    await page.get_by_role("button", name="下一周").click()
    city = page.locator(".week-grid tbody tr").first
    monday, tuesday = city.locator("td").nth(0), city.locator("td").nth(1)
    await monday.get_by_label("值班主管").check()
    await page.locator("#do-swap").click()
    await expect(page.locator("[data-field=pick]")).to_contain_text("请在表中勾选两个人的各一个班次")
    await monday.get_by_label("值班主管").check()
    await tuesday.get_by_label("夜班主管").check()
    await page.locator("#do-swap").click()
    await expect(monday).to_contain_text("夜班主管 代 值班主管")
    await expect(tuesday).to_contain_text("值班主管 代 夜班主管")
    assert centre.gateway.judge.policy.editions.roster.swaps == (), "nothing holds yet"

    await page.locator("#fold-absence summary").click()
    await page.get_by_role("button", name="添加请假").click()
    card = page.locator("#fold-absence .row-card").last
    await expect(card).to_be_visible()
    first = (await page.locator("h1").inner_text()).split()[1]
    await card.get_by_label("请假人").fill("夜班主管")
    await card.get_by_label("自").fill(f"{first}T22:00")
    await card.get_by_label("至").fill(f"{first}T23:30")
    await page.get_by_role("button", name="检查", exact=True).click()
    await expect(monday.locator(".gap")).to_contain_text("22:00–23:30 无人")
    await expect(page.locator("#week-gaps")).to_contain_text("无人值守")
    await picture(page, "roster-gap")
    await card.get_by_role("button", name="删除").click()
    await expect(monday.locator(".gap")).to_have_count(0)
    await page.locator("#do-save").click()
    await expect(page.locator("h1")).to_have_text("值守")
    roster = centre.gateway.judge.policy.editions.roster
    assert {(swap.person, swap.instead) for swap in roster.swaps} == {("zhuguan", "zhuguan2"), ("zhuguan2", "zhuguan")}
    assert {swap.until - swap.since for swap in roster.swaps} == {timedelta(hours=16), timedelta(hours=8)}
    for swap in roster.swaps:
        assert on_duty(roster, "supervisor", "", swap.since) == (swap.instead,)


async def test_both_forms_fit_a_phone(screens: Screens) -> None:
    await _with_roster(screens)
    for path in ("/duty/plans/edit", "/duty/roster/edit", "/duty/try?try_when=now", "/duty"):
        page = await screens.sign_in("zhuguan", path, phone=True)
        await picture(page, f"phone{path.replace('/', '-').partition('?')[0]}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, path
