"""A script says what comes next, and reads from the timeline what was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting.casefile import Contact as Person
from alerting.casefile import Household, Place, Resident
from alerting.incidents.incident import begin
from alerting.incidents.script import (
    EMERGENCY,
    Contact,
    Do,
    Occasion,
    Script,
    Stand,
    Step,
    Target,
    contact_of,
    people,
    script_for,
    text_of,
    walk,
)
from alerting.incidents.script_flaws import flaws, unreachable
from alerting.incidents.standard_scripts import FALL, INACTIVITY, PANIC, STANDARD, WANDERING
from alerting.model import Aggregate, Alarm, AlarmKind, Entry, EntryKind, Priority, RiskTier
from alerting.policy import Policy

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HOME = Household(
    key="H000001",
    area="320400.01.03",
    address="听潮街道 临河巷 12 号",
    place=Place(lat=31.8, lon=119.9),
    tier=RiskTier.CARE,
    residents=(Resident(name="周桂兰", birth_year=1941, phone="0519-5550101"),),
    contacts=(
        Person(name="周建国", relation="儿子", phone="13800000001"),
        Person(name="吴秀英", relation="邻居", phone="13800000002", key_holder=True),
    ),
    village_responder="r-7",
    access="钥匙在邻居吴秀英处",
    risks=("家中有犬",),
)
NAMES = {"r-7": "陈志强"}


class Incident:
    """A timeline that grows, a second a line."""

    def __init__(self) -> None:
        self.lines: list[Entry] = []
        self.at = NOON
        self.add(EntryKind.ALARM, alarm=Alarm(kind=AlarmKind.PANIC, at=NOON))
        self.add(EntryKind.CLAIMED)

    def add(self, kind: EntryKind, text: str = "", alarm: Alarm | None = None) -> None:
        self.lines.append(Entry(incident="i", at=self.at, kind=kind, text=text, by="zuoxi1", alarm=alarm))
        self.at += timedelta(seconds=1)

    def called(self, whom: str, result: str) -> None:
        self.add(EntryKind.CALLED, f"{whom}|{result}")

    def stands(self, script: Script = PANIC) -> dict[str, Stand]:
        return {s.step.id: s.stand for s in walk(script, HOME, self.lines, NAMES)}

    def next(self, script: Script = PANIC) -> str:
        return next((id_ for id_, stand in self.stands(script).items() if stand is Stand.NOW), "")


def test_the_home_is_called_twice_then_the_second_number_within_a_minute() -> None:
    it = Incident()
    assert it.next() == "home"
    it.called("周桂兰", "no_answer")
    assert it.next() == "home"
    it.called("周桂兰", "no_answer")
    second = next(s for s in walk(PANIC, HOME, it.lines, NAMES) if s.stand is Stand.NOW)
    assert (second.step.id, second.due) == ("second", it.lines[-1].at + timedelta(seconds=60))


def test_silence_on_a_panic_is_treated_as_real() -> None:
    it = Incident()
    for whom in ("周桂兰", "周桂兰", "周建国"):
        it.called(whom, "no_answer")
    assert it.next() == "send_village"
    it.add(EntryKind.DISPATCHED, "r-7")
    assert it.next() == "key_holder"
    it.called("吴秀英", "spoke")
    assert it.next() == "ambulance"


def test_who_is_well_ends_the_search_and_who_needs_help_gets_it() -> None:
    well = Incident()
    well.called("周桂兰", "well")
    assert (well.next(), well.stands()["was_well"]) == ("", Stand.MIND)
    assert well.stands()["send_village"] is Stand.NOT_NEEDED
    help_ = Incident()
    help_.called("周桂兰", "help")
    assert help_.next() == "send_village"
    assert help_.stands()["second"] is Stand.NOT_NEEDED
    assert help_.stands(FALL)["do_not_move"] is Stand.MIND
    assert help_.next(FALL) == "send_village"


def test_a_new_alarm_makes_well_unknown_again_but_never_takes_help_back() -> None:
    it = Incident()
    it.called("周桂兰", "well")
    it.add(EntryKind.PRESSED_AGAIN, alarm=Alarm(kind=AlarmKind.PANIC, at=it.at))
    assert contact_of(it.lines) is Contact.NONE
    it.called("周桂兰", "help")
    it.add(EntryKind.ANSWERED_WELL)
    it.called("周桂兰", "well")
    assert contact_of(it.lines) is Contact.HELP


def test_who_was_well_before_a_new_press_is_called_again() -> None:
    it = Incident()
    it.called("周桂兰", "well")
    assert it.next() == ""
    it.add(EntryKind.ALARM, alarm=Alarm(kind=AlarmKind.PANIC, at=it.at))
    assert it.next() == "home"
    it.called("周桂兰", "no_answer")
    it.add(EntryKind.ALARM, alarm=Alarm(kind=AlarmKind.PANIC, at=it.at))
    it.called("周桂兰", "no_answer")
    assert it.next() == "second", "who presses on and on does not keep the desk at the first step"


@pytest.mark.parametrize(
    ("kind", "text"), [(EntryKind.JOB_DECLINED, "r-7|the car is broken"), (EntryKind.RECALLED, "r-7")]
)
def test_whom_nobody_replaces_after_they_could_not_go_is_still_to_be_sent(kind: EntryKind, text: str) -> None:
    it = Incident()
    sends = next(step.id for step in PANIC.steps if step.do is Do.SEND)
    it.add(EntryKind.DISPATCHED, "r-7")
    assert it.stands()[sends] is Stand.DONE
    it.add(kind, text)
    assert it.stands()[sends] is not Stand.DONE
    it.add(EntryKind.DISPATCHED, "r-8")
    assert it.stands()[sends] is Stand.DONE


def test_whom_the_case_file_does_not_have_is_passed_over() -> None:
    it = Incident()
    bare = msgspec.structs.replace(HOME, contacts=(), village_responder="")
    stands = {s.step.id: s.stand for s in walk(PANIC, bare, it.lines)}
    assert [stands[id_] for id_ in ("second", "send_village", "key_holder")] == [Stand.IMPOSSIBLE] * 3
    assert stands["home"] is Stand.NOW
    nothing = walk(PANIC, None, it.lines)
    assert next(s for s in nothing if s.stand is Stand.NOW).step.target is Target.AMBULANCE


def test_a_call_by_anybody_and_in_any_order_counts() -> None:
    it = Incident()
    it.called("吴秀英", "spoke")
    it.called("周桂兰", "no_answer")
    stands = it.stands()
    assert stands["key_holder"] is Stand.DONE
    assert stands["home"] is Stand.NOW


@pytest.mark.parametrize("script", STANDARD, ids=lambda script: script.id)
def test_every_standard_script_can_be_saved_and_read_in_both_languages(script: Script) -> None:
    assert msgspec.json.decode(msgspec.json.encode(script), type=Script) == script
    for step in script.steps:
        for english in (False, True):
            assert "{" not in text_of(step, HOME, english=english)
            assert text_of(step, None, english=english)


def test_every_kind_of_alarm_has_its_script() -> None:
    assert {kind for script in STANDARD for kind in script.kinds} == set(AlarmKind)
    assert "家中有犬" in text_of(PANIC.steps[2], HOME, english=False)


def found(script: Script) -> list[str]:
    """What is wrong with the standard scripts when one of them is this; without its name."""
    scripts = tuple(script if it.id == script.id else it for it in STANDARD)
    return [flaw.replace(f"|{script.id}|", "|") for flaw in flaws(scripts, Policy().priorities)]


def test_the_standard_scripts_can_be_in_force() -> None:
    assert flaws(STANDARD, Policy().priorities) == []
    assert {script.occasion for script in STANDARD} - {None} == set(Occasion)


@pytest.mark.parametrize("script", [it for it in STANDARD if it.id in {"panic", "fall", "fire"}], ids=lambda it: it.id)
def test_a_p1_script_that_could_end_with_nobody_at_the_door_is_refused(script: Script) -> None:
    def without(*left_out: Do | Target) -> Script:
        kept = (s for s in script.steps if s.do not in left_out and s.target not in left_out)
        return msgspec.structs.replace(script, steps=tuple(kept))

    assert found(without(Do.SEND)) == ["sends_nobody_none|", "sends_nobody_help|"]
    services = (Target.AMBULANCE, Target.FIRE, Target.POLICE)
    assert found(without(*services)) == ["no_emergency_none|", "no_emergency_help|"]


def test_a_script_without_an_end_is_refused() -> None:
    def only(*ids: str) -> Script:
        return msgspec.structs.replace(INACTIVITY, steps=tuple(s for s in INACTIVITY.steps if s.id in ids))

    assert found(only("home", "send_village", "ambulance")) == ["no_end_well|"]
    assert found(only("home", "was_well")) == ["no_end_none|", "no_end_help|"]
    assert found(msgspec.structs.replace(INACTIVITY, steps=())) == ["no_steps|"]


def test_a_step_that_can_never_come_up_is_named() -> None:
    twice = msgspec.structs.replace(INACTIVITY.steps[1], id="again")
    doubled = msgspec.structs.replace(INACTIVITY, steps=(*INACTIVITY.steps, twice))
    assert found(doubled) == [f"unreachable|{len(doubled.steps)}"]
    silent = tuple(s for s in INACTIVITY.steps if s.target in {*EMERGENCY, Target.VILLAGE} or s.do is Do.READ)
    nobody_asks = msgspec.structs.replace(INACTIVITY, steps=silent)
    waiting = [n for n, step in enumerate(silent, 1) if Contact.NONE not in step.when]
    assert waiting
    assert found(nobody_asks) == [f"unreachable|{n}" for n in waiting]


@pytest.mark.parametrize("script", STANDARD, ids=lambda it: it.id)
def test_what_is_called_unreachable_never_comes_up_however_the_calls_go(script: Script) -> None:
    """Every step is reached, or named: the script is walked through with every answer at every call."""
    odd = msgspec.structs.replace(script, steps=(*script.steps, msgspec.structs.replace(script.steps[0], id="odd")))
    for it in (script, odd):
        never = {n for n, step in enumerate(it.steps, 1) if step.id not in _reached(it)}
        assert never == set(unreachable(it))


FULL = msgspec.structs.replace(
    HOME,
    contacts=(*HOME.contacts, Person(name="周建英", relation="女儿", phone="13800000003")),
    town_responder="r-8",
)
"""A home with somebody for every target who is nobody else's."""


def _reached(script: Script) -> set[str]:
    seen: set[str] = set()
    for answered_at in range(len(script.steps) + 1):
        for answer in ("well", "help"):
            lines: list[Entry] = [Entry(incident="i", at=NOON, kind=EntryKind.CLAIMED)]
            for n in range(4 * len(script.steps)):
                standings = walk(script, FULL, lines)
                seen |= {s.step.id for s in standings if s.stand in {Stand.NOW, Stand.MIND}}
                now = next((s for s in standings if s.stand is Stand.NOW), None)
                if now is None:
                    break
                lines.append(_done(now.step, n, answer if n >= answered_at else "no_answer"))
    return seen


def _done(step: Step, n: int, result: str) -> Entry:
    at = NOON + timedelta(seconds=n)
    if step.do is Do.SEND:
        return Entry(incident="i", at=at, kind=EntryKind.DISPATCHED, text="r-7")
    if step.do is Do.PROMPT:
        return Entry(incident="i", at=at, kind=EntryKind.PROMPTED)
    wanted = people(step.target, FULL)
    said = "spoke" if step.target in EMERGENCY else result
    return Entry(incident="i", at=at, kind=EntryKind.CALLED, text=f"{wanted[n % len(wanted)]}|{said}")


def test_every_alarm_has_exactly_one_script() -> None:
    fewer = tuple(script for script in STANDARD if script.id != "fall")
    assert flaws(fewer, Policy().priorities) == ["kind_without_script|fall|"]
    doubled = (*STANDARD, msgspec.structs.replace(FALL, id="fall2"))
    assert flaws(doubled, Policy().priorities) == ["kind_twice|fall|"]
    assert flaws((*STANDARD, FALL), Policy().priorities)[0] == "script_twice|fall|"


def test_the_script_chosen_by_hand_is_followed() -> None:
    lines = [Entry(incident="i", at=NOON, kind=EntryKind.SCRIPT, text="wandering")]
    alarm = Alarm(kind=AlarmKind.PANIC, at=NOON)
    running, _ = begin("H1", Aggregate.HOUSEHOLD, 1, alarm, Priority.P1)
    assert script_for(running, STANDARD) is PANIC
    assert script_for(running, STANDARD, lines) is WANDERING
    gone = [*lines, Entry(incident="i", at=NOON, kind=EntryKind.SCRIPT, text="a script that was taken away")]
    assert script_for(running, STANDARD, gone) is PANIC


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"zh": " "}, "no_text:x"),
        ({"en": "{nobody}"}, "unknown_fact:x"),
        ({"en": "{}"}, "unknown_fact:x"),
        ({"en": "{"}, "bad_text:x"),
        ({"en": "{resident:>999999999}"}, "bad_text:x"),
        ({"zh": "长" * 1001}, "long_text:x"),
        ({"tries": 0}, "bad_tries:x"),
        ({"within_s": -1}, "bad_time:x"),
        ({"when": ()}, "never_needed:x"),
        ({"target": Target.NOBODY}, "bad_target:x"),
        ({"do": Do.SEND, "target": Target.FIRE}, "cannot_be_sent:x"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(wrong: dict[str, object], word: str) -> None:
    step = msgspec.structs.replace(Step(id="x", do=Do.CALL, target=Target.HOME, zh="一", en="one"), **wrong)
    steps = (step, *INACTIVITY.steps[2:])
    assert found(msgspec.structs.replace(INACTIVITY, steps=steps)) == [word.replace(":x", "|1")]
    twice = msgspec.structs.replace(INACTIVITY, steps=(*INACTIVITY.steps, INACTIVITY.steps[-1]))
    assert found(twice) == ["same_id|"]


def test_a_home_without_a_device_that_asks_is_not_asked_through_it() -> None:
    inactivity = next(script for script in STANDARD if any(step.do is Do.PROMPT for step in script.steps))
    asks = next(step.id for step in inactivity.steps if step.do is Do.PROMPT)
    it = Incident()

    def stands(*, can_ask: bool) -> dict[str, Stand]:
        return {s.step.id: s.stand for s in walk(inactivity, HOME, it.lines, NAMES, can_ask=can_ask)}

    assert stands(can_ask=True)[asks] in {Stand.NOW, Stand.LATER}
    without = stands(can_ask=False)
    assert without[asks] is Stand.IMPOSSIBLE
    assert Stand.NOW in without.values()
