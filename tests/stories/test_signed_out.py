"""Being reachable is a verified address and duty, never a session: signing out changes nothing."""

from centre import Centre
from on_duty import LAST, in_force, name, persons, plan, shift, step

from alerting.duty.roster import Roster
from nuanhu.demo.people import PASSWORD
from tests.dashboard.visitor import Visitor


async def test_a_supervisor_who_signs_out_is_called_all_the_same(centre: Centre) -> None:
    await in_force(
        centre,
        plan(step(30, "supervisor"), LAST),
        roster=Roster(shifts=(shift("supervisor", "zhuguan"),)),
    )
    visitor = Visitor(centre)
    await visitor.sign_in("zhuguan", PASSWORD)
    await visitor.go("/overview")
    assert visitor.status == 200
    await visitor.send("/sign-out")
    await visitor.go("/overview")
    assert "/sign-in" in visitor.path
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=30)
    assert await persons(centre, 1) == [(name(centre, "zhuguan"), "sms")]
