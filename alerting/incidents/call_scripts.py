"""The scripts for calls for help behind which no key was pressed: each asks, and tells 120, what really happened.

A medical alarm of a device, somebody's call to the desk, and a signal that could not be judged.
"""

from __future__ import annotations

import msgspec

from alerting.incidents.script import Do, Script, Step
from alerting.incidents.script_steps import (
    AMBULANCE_EN,
    AMBULANCE_ZH,
    ANY,
    CALL_AMBULANCE,
    CALL_CONTACTS,
    CALL_HOME,
    CALL_KEY_HOLDER,
    CALL_SECOND,
    HELP,
    SEND_VILLAGE,
    WAS_WELL,
)
from alerting.model import AlarmKind

BY_HAND_ZH, BY_HAND_EN = "按了紧急报警", "has called for help"


def _home(zh: str, en: str) -> Step:
    """The call to the home, with words of its own."""
    return msgspec.structs.replace(CALL_HOME, zh=zh, en=en)


def _ambulance(zh: str, en: str) -> Step:
    """The call to 120, with what happened in the place of a press."""
    told = AMBULANCE_ZH.replace(BY_HAND_ZH, zh), AMBULANCE_EN.replace(BY_HAND_EN, en)
    return msgspec.structs.replace(CALL_AMBULANCE, zh=told[0], en=told[1])


def _well(zh: str, en: str) -> Step:
    """What is left once the resident is known to be well."""
    return msgspec.structs.replace(WAS_WELL, zh=zh, en=en)


MEDICAL = Script(
    id="medical",
    kinds=(AlarmKind.MEDICAL,),
    zh="医疗报警",
    en="Medical alarm",
    steps=(
        _home(
            "拨打{resident}家中电话，无人接听再拨一次。问：“您好，这里是守护中心，设备发来医疗报警，您哪里不舒服？”",
            "Call {resident} at home; if nobody answers, once more. Ask: “This is the care centre; your device has "
            "raised a medical alarm. Where does it hurt?”",
        ),
        Step(
            id="stay",
            do=Do.READ,
            when=HELP,
            zh="告知：坐下或躺下，保持通话。问：胸口闷不闷、喘得上气吗、说话是否清楚、在服什么药、在哪个房间。",
            en="Say: sit or lie down, stay on the line. Ask: chest, breath, speech, which medicine, which room.",
        ),
        CALL_SECOND,
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        _ambulance("的设备发出医疗报警", "has a device that raised a medical alarm"),
        CALL_CONTACTS,
        _well(
            "本人确认平安：问清设备为什么发出医疗报警，身体有无不适，填写结果后结案。",
            "The resident is well: ask why the device raised its alarm and how they feel; close with the outcome.",
        ),
    ),
)
MANUAL = Script(
    id="manual",
    kinds=(AlarmKind.MANUAL,),
    zh="电话求助",
    en="Call by telephone",
    steps=(
        Step(
            id="caller",
            do=Do.READ,
            when=ANY,
            zh="来电人在线：问清姓名、电话、人在哪里、出了什么事，写入备注；在现场的请其留在原地，不要挂机。",
            en="While the caller is on the line: who, which number, where the person is, what happened. Note it; "
            "whoever is there stays, and stays on the line.",
        ),
        _home(
            "拨打{resident}家中电话，无人接听再拨一次。问：“您好，这里是守护中心，有人来电为您求助，您现在怎么样？”",
            "Call {resident} at home; if nobody answers, once more. Ask: “This is the care centre; somebody has "
            "telephoned for you. How are you now?”",
        ),
        CALL_SECOND,
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        _ambulance("需要帮助，有人来电求助", "is in need, somebody has telephoned"),
        CALL_CONTACTS,
        _well(
            "本人确认平安：给来电人回电说明情况，填写结果后结案。",
            "The resident is well: call back whoever telephoned, and close with the outcome.",
        ),
    ),
)
RULE_FAILED = Script(
    id="rule_failed",
    kinds=(AlarmKind.RULE_FAILED,),
    zh="信号未能研判",
    en="A signal that could not be judged",
    steps=(
        Step(
            id="what_is_known",
            do=Do.READ,
            when=ANY,
            zh="系统收到一条可能是求助的信号，但未能研判：先联系本人，联系不上按真实求助处置；同时通知技术人员。",
            en="A signal that may be a call for help could not be judged: reach the resident, or treat it as real; and "
            "tell the engineer.",
        ),
        _home(
            "拨打{resident}家中电话，无人接听再拨一次。问：“您好，这里是守护中心，您家设备发来一条信号，您是否需要帮助？”",
            "Call {resident} at home; if nobody answers, once more. Ask: “This is the care centre; a device of yours "
            "has sent a signal. Do you need help?”",
        ),
        CALL_SECOND,
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        _ambulance("家中设备发来信号，可能在求助", "may be in need: a device has sent a signal"),
        CALL_CONTACTS,
        _well(
            "本人确认平安：问清刚才是否求助、设备有无异常，请技术人员查这条信号，填写结果后结案。",
            "The resident is well: ask whether they called and whether a device behaves oddly; have the engineer "
            "look at the signal; close with the outcome.",
        ),
    ),
)

CALLS: tuple[Script, ...] = (MEDICAL, MANUAL, RULE_FAILED)
