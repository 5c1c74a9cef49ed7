"""All steps are taken twice; then everybody in the chain is called, on duty or not, and the desk goes on ringing."""

from centre import Centre
from on_duty import in_force, name, persons, plan, shift, step, town

from alerting.duty.roster import Roster, Times

NEVER_NOW = Times(from_min=3 * 60, to_min=4 * 60)


async def test_after_two_rounds_everybody_is_called_duty_or_not(centre: Centre) -> None:
    home = centre.home()
    off_duty = town(centre, home)
    roster = Roster(shifts=(shift("grid", off_duty, times=NEVER_NOW),))
    await in_force(centre, plan(step(30, "consoles"), step(60, "on_duty:grid", "duty_phone")), roster=roster)
    await centre.press(home)
    for passed_s, pages in ((60, 1), (60, 2), (29, 2)):
        await centre.pass_time(seconds=passed_s)
        await centre.until(lambda n=pages: len(centre.pages()) == n, "the duty telephone in each round")
    assert centre.paged_persons() == [], "who is off duty is left alone so far"
    await centre.pass_time(seconds=1)
    assert await persons(centre, 1) == [(name(centre, off_duty), "sms")]
    assert (await centre.row_of(home)).climbed == "everybody"
    rang = len(centre.rang)
    await centre.pass_time(seconds=300)
    await centre.until(lambda: len(centre.rang) == rang + 1, "the desk goes on ringing")
