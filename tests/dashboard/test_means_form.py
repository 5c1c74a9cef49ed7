"""Numbers from a form: two stay two, and of a changed one nothing is verified."""

from __future__ import annotations

from alerting.casefile import Channel, Means
from dashboard.means_form import means_of

SMS, VOICE = Channel.SMS, Channel.VOICE
BEFORE = (
    Means(channel=SMS, address="19900000001", verified=True),
    Means(channel=VOICE, address="19900000002", verified=True, after_s=40),
)


def told(means: tuple[Means, ...]) -> list[tuple[Channel, str, bool, int | None]]:
    return [(it.channel, it.address, it.verified, it.after_s) for it in means]


def test_who_has_two_numbers_keeps_both_and_each_has_its_own_tick() -> None:
    assert told(means_of(BEFORE, "19900000001", ["sms"])) == [
        (SMS, "19900000001", True, None),
        (VOICE, "19900000002", False, 40),
    ]


def test_of_a_number_that_was_changed_nothing_is_verified_whatever_is_ticked() -> None:
    assert told(means_of(BEFORE, "19900000003", ["sms", "voice"])) == [
        (SMS, "19900000003", False, None),
        (VOICE, "19900000003", False, 40),
    ]


def test_of_somebody_new_the_ticks_count() -> None:
    assert [it.verified for it in means_of(None, "19900000001", ["voice"])] == [False, True]
    assert [it.verified for it in means_of((), "19900000001", ["sms"])] == [True, False]
