"""What is read aloud to the ambulance says what happened, and nothing about risks that nobody has recorded."""

from __future__ import annotations

import msgspec
import pytest

from alerting.incidents.call_scripts import CALLS
from alerting.incidents.script import Do, Script, Step, Target, text_of
from alerting.incidents.standard_scripts import FALL, FIRE, INACTIVITY, PANIC, STANDARD
from tests.alerting.test_script import HOME

NO_RISKS = msgspec.structs.replace(HOME, risks=(), access="")
TEXTS = [
    (text, english) for script in STANDARD for it in script.steps for text, english in ((it.zh, False), (it.en, True))
]


@pytest.mark.parametrize(("text", "english"), TEXTS)
def test_without_recorded_risks_nothing_is_said_of_them_and_every_sentence_ends(text: str, english: bool) -> None:
    said = text_of(Step(id="x", do=Do.READ, zh=text, en=text), NO_RISKS, english=english)
    assert "–" not in said
    for left in ("注意：。", "注意：”", "，”", "；”", "：”", "eware: .", "eware:”", ";”", ":”"):
        assert left not in said
    assert said[-1] in "。.？?”！!"


def test_the_way_in_that_nobody_recorded_is_said_in_words() -> None:
    ambulance = next(it for it in FALL.steps if it.id == "ambulance")
    assert text_of(ambulance, NO_RISKS, english=False).endswith("可能跌倒，需要急救。进门方式：未记录。”")
    assert text_of(ambulance, NO_RISKS, english=True).endswith("Way in: not recorded.”")
    assert "注意：" in text_of(ambulance, HOME, english=False)


@pytest.mark.parametrize("script", [FALL, FIRE, INACTIVITY, *CALLS], ids=lambda it: it.id)
def test_where_no_button_was_pressed_the_script_speaks_of_none(script: Script) -> None:
    for it in script.steps:
        for word in ("按钮", "按了", "button", "pressed", "called for help"):
            assert word not in it.zh + it.en


@pytest.mark.parametrize("script", CALLS, ids=lambda it: it.id)
def test_each_says_to_the_home_and_to_120_what_really_happened_and_calls_whomever_a_press_calls(script: Script) -> None:
    assert len(script.kinds) == 1
    ours = {step.target: step.zh for step in script.steps}
    theirs = {step.target: step.zh for step in PANIC.steps}
    assert ours.keys() >= theirs.keys()
    for target in (Target.AMBULANCE, Target.HOME):
        assert ours[target] != theirs[target]
