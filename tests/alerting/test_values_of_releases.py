"""Times that a release brings are off for what was decided before it, and on from its first start."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from alerting.decisions import EditionSaved
from alerting.duty import editions
from alerting.duty.chain import Editions
from alerting.duty.saving import SaveValues
from alerting.incidents.values import usual, with_changes
from alerting.policy import Policy
from tests.alerting.lone_home import only

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def of_a_release_before(**changes: int) -> EditionSaved:
    """An edition as it was saved before there was a call to whoever does not answer."""
    body = msgspec.to_builtins(with_changes(changes), str_keys=True)
    for unknown in ("job_called_s", "page_is_job"):
        del body[unknown]
    return EditionSaved(number=4, kind=editions.VALUES, body=msgspec.json.encode(body).decode(), by="admin")


def test_what_an_older_release_saved_is_judged_by_as_it_was_and_completed_when_a_newer_one_starts() -> None:
    then = editions.loaded([of_a_release_before(second_person_s=240)])
    assert then.values is not None
    assert (then.values.second_person_s, then.values.job_called_s, then.values.page_is_job) == (240, 0, False)
    now, decisions = editions.settled(then, Policy())
    assert [saved.kind for saved in only(EditionSaved, decisions)] == [editions.VALUES, editions.SETTINGS]
    assert now.values == with_changes({"second_person_s": 240}), "what was changed stays, what is new is as usual"
    assert now.values_number == 5
    again = editions.loaded([*only(EditionSaved, decisions)])
    assert (again.values, again.values_lack) == (now.values, ())
    assert editions.settled(again, Policy()) == (again, [])


def test_whole_ones_are_left_alone_and_so_are_those_of_the_settings() -> None:
    for as_set in (False, True):
        command = SaveValues(key="", by="admin", changes={"second_person_s": 240}, as_set=as_set)
        _, decisions = editions.save(Editions(), command, NOW, Policy())
        stored = editions.loaded([*only(EditionSaved, decisions)])
        assert (stored.values is None, stored.values_lack) == (as_set, ())
        _, decisions = editions.settled(stored, Policy())
        assert [saved.kind for saved in only(EditionSaved, decisions)] == [editions.SETTINGS]
    assert usual() == with_changes({})


def test_an_edition_of_a_kind_that_a_later_release_brought_says_nothing_here_and_its_number_stays_taken() -> None:
    mine = of_a_release_before(second_person_s=240)
    later = EditionSaved(number=9, kind="horoscope", body="[1]", by="admin")
    known = editions.loaded([mine, later])
    assert (known.values, known.people) == (editions.loaded([mine]).values, Editions().people)
    assert known.number == 9, "the next one is the tenth"
