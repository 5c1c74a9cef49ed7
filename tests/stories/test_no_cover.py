"""Hours without anybody on duty are said before they come: on the health page, the consoles and the duty page."""

from datetime import UTC, datetime

from centre import Centre
from on_duty import at, name, save_roster, shift, town, village

from alerting.duty.chain import CoverGap
from alerting.duty.roster import Absence, Post, Roster, Times

TEN = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)  # 22:00 in the town
SIX = datetime(2026, 1, 5, 22, 0, tzinfo=UTC)


async def test_hours_without_anybody_are_announced_ahead_and_the_word_goes_when_somebody_is_found(
    centre: Centre,
) -> None:
    home = centre.home()
    a, b = village(centre, home), town(centre, home)
    where = centre.gateway.directory.households[home.household].area.rpartition(".")[0]
    by_day = shift("town_duty", a, area=where, times=Times(from_min=6 * 60, to_min=22 * 60))
    posts = (Post(role="town_duty", area=where),)
    assert (await save_roster(centre, Roster(shifts=(by_day,), posts=posts))).done
    health = await centre.gateway.desk.health()
    assert "no_cover" in health.warnings
    assert health.gaps == (CoverGap("town_duty", where, TEN, SIX),)
    by_night = shift("town_duty", b, area=where, times=Times(from_min=22 * 60, to_min=6 * 60))
    assert (await save_roster(centre, Roster(shifts=(by_day, by_night), posts=posts))).done
    assert "no_cover" not in (await centre.gateway.desk.health()).warnings
    off = Absence(person=b, since=TEN, until=SIX)
    assert (await save_roster(centre, Roster(shifts=(by_day, by_night), posts=posts, absences=(off,)))).done
    assert (await centre.gateway.desk.health()).gaps == (
        CoverGap("town", where, TEN, SIX, name(centre, b)),
        CoverGap("town_duty", where, TEN, SIX),
    ), "the post, and the responsible person of every home of the town"
    await centre.pass_time(seconds=at(centre, 23))
    assert (await centre.gateway.desk.duty()).gaps[0].since == centre.clock.now(), "and while it lasts"
