"""The register of who can be sent: what it takes, and that nobody types an address that holds secrets."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from alerting.casefile import Area, AreaLevel, Channel, Means, Place, Registry, Responder
from alerting.decisions import Registered, ResponderSaved
from alerting.enrolment import register
from alerting.enrolment.books import Pending
from alerting.enrolment.commands import SaveResponder
from alerting.events import Commanded
from gateway.writing.directory import Directory

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TOWN, VILLAGE, ELSEWHERE = "32.01", "32.01.02", "32.02"
PUSH = Means(channel=Channel.PUSH, address="ntfys://secret/topic", verified=True)
SMS = Means(channel=Channel.SMS, address="13900000001", verified=True)
KNOWN = Responder(id="R1", name="戴一", phone="13900000001", area=VILLAGE, duty="village", means=(PUSH, SMS))


def books() -> Directory:
    areas = (
        Area(key="32", name="城", level=AreaLevel.CITY),
        Area(key=TOWN, name="镇", level=AreaLevel.TOWN, parent="32"),
        Area(key=VILLAGE, name="村", level=AreaLevel.VILLAGE, parent=TOWN),
        Area(key=ELSEWHERE, name="他镇", level=AreaLevel.TOWN, parent="32"),
    )
    return Directory(Registry(areas=areas, responders=(KNOWN,)), {})


def saved(it: Responder, within: str = TOWN) -> ResponderSaved | str:
    """What becomes of it: the change, or the word of the refusal; empty when nothing is new."""
    command = SaveResponder(responder=it, by="zhuguan", within=within)
    _, decisions = register.step(Pending(), books(), Commanded(command=command), NOW)
    done = [change for made in decisions if isinstance(made, Registered) for change in made.changes]
    if done:
        assert isinstance(done[0], ResponderSaved)
        return done[0]
    return str(getattr(decisions[-1], "refused", ""))


def test_the_address_of_a_push_channel_stays_whatever_is_typed() -> None:
    typed = Means(channel=Channel.PUSH, address="ntfys://another", verified=True)
    change = saved(msgspec.structs.replace(KNOWN, name="戴二", means=(typed, SMS)))
    assert isinstance(change, ResponderSaved)
    assert change.responder.means == (PUSH, SMS)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"name": " "}, "bad_staff_name"),
        ({"name": "很" * 41}, "bad_staff_name"),
        ({"duty": "mayor"}, "bad_responder"),
        ({"id": "a b"}, "bad_responder"),
        ({"phone": "hello"}, "bad_staff_number"),
        ({"phone": "13900000002"}, "bad_staff_number"),
        ({"area": ELSEWHERE}, "unknown_area"),
        ({"area": "99"}, "unknown_area"),
        ({"place": Place(lat=91, lon=0)}, "bad_staff_place"),
    ],
)
def test_what_is_not_right_is_refused_with_a_word(fields: dict[str, object], refused: str) -> None:
    assert saved(msgspec.structs.replace(KNOWN, **fields)) == refused


def test_who_answers_for_another_town_changes_nobody_here() -> None:
    assert saved(msgspec.structs.replace(KNOWN, name="改名"), within=ELSEWHERE) == "unknown_responder"
    assert saved(msgspec.structs.replace(KNOWN, id="R2"), within=ELSEWHERE) == "unknown_area"


def test_the_same_again_is_no_news() -> None:
    assert saved(KNOWN) == ""


def test_the_directory_follows_and_forgets_the_number_of_before() -> None:
    directory = books()
    later = msgspec.structs.replace(
        KNOWN, phone="13900000009", means=(Means(channel=Channel.VOICE, address="13900000009", verified=True),)
    )
    directory.take([ResponderSaved(responder=later, before=KNOWN)])
    assert directory.responders["R1"] == later
    assert directory.addresses.of("responder:R1", "sms") == ""
    assert directory.addresses.of("responder:R1", "voice") == "13900000009"
    assert [line.channel for line in directory.people.persons["responder:R1"].lines] == ["voice"]
    assert [it.id for it in directory.whereabouts.called(["13900000009"])] == ["R1"]
