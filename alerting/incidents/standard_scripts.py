"""The scripts a centre begins with; it changes them as it learns. The order is the order of urgency."""

from __future__ import annotations

from alerting.incidents.area_scripts import AREAS
from alerting.incidents.script import Contact, Do, Script, Step, Target
from alerting.model import AlarmKind

ANY = (Contact.NONE, Contact.WELL, Contact.HELP)
UNANSWERED = (Contact.NONE,)
HELP = (Contact.HELP,)
WELL = (Contact.WELL,)

AMBULANCE_ZH = "拨打120并照读：“{address}，{resident}按了紧急报警，需要急救。进门方式：{access}。注意：{risks}。”"
AMBULANCE_EN = (
    "Call 120 and read out: “{address}, {resident} has called for help and needs an ambulance. "
    "Way in: {access}. Beware: {risks}.”"
)

CALL_HOME = Step(
    id="home",
    do=Do.CALL,
    target=Target.HOME,
    when=UNANSWERED,
    tries=2,
    within_s=30,
    zh="拨打{resident}家中电话，无人接听再拨一次。问：“您好，这里是守护中心，您现在怎么样？”",
    en="Call {resident} at home; if nobody answers, once more. Ask: “This is the care centre, how are you now?”",
)
CALL_SECOND = Step(
    id="second",
    do=Do.CALL,
    target=Target.SECOND,
    when=UNANSWERED,
    within_s=60,
    zh="一分钟内拨打第二个号码。",
    en="Call the second number within one minute.",
)
SEND_VILLAGE = Step(
    id="send_village",
    do=Do.SEND,
    target=Target.VILLAGE,
    within_s=60,
    zh="派村级责任人上门。进门方式：{access}。注意：{risks}。",
    en="Send the village's responsible person to the door. Way in: {access}. Beware: {risks}.",
)
CALL_KEY_HOLDER = Step(
    id="key_holder",
    do=Do.CALL,
    target=Target.KEY_HOLDER,
    within_s=60,
    zh="联系持钥人，请其到门口等候处置人员。",
    en="Call the key holder and ask them to meet the responder at the door.",
)
CALL_CONTACTS = Step(
    id="contacts",
    do=Do.CALL,
    target=Target.CONTACTS,
    within_s=120,
    zh="按档案顺序联系家属和联系人，告知情况，询问最近是否外出。",
    en="Call the contacts in the order of the case file; tell them, and ask whether the resident is away.",
)
CALL_AMBULANCE = Step(
    id="ambulance", do=Do.CALL, target=Target.AMBULANCE, within_s=60, zh=AMBULANCE_ZH, en=AMBULANCE_EN
)
WAS_WELL = Step(
    id="was_well",
    do=Do.READ,
    when=WELL,
    zh="本人确认平安：问清为什么报警，提醒按钮的用法，填写结果后结案。",
    en="The resident is well: ask why it was raised, remind them how the button works, and close with the outcome.",
)
ASK_HOME = Step(
    id="prompt",
    do=Do.PROMPT,
    when=UNANSWERED,
    within_s=60,
    zh="通过家中设备询问是否平安。",
    en="Ask through the home's own device whether all is well.",
)

PANIC = Script(
    id="panic",
    kinds=(AlarmKind.PANIC, AlarmKind.MEDICAL, AlarmKind.MANUAL, AlarmKind.RULE_FAILED),
    zh="紧急呼叫",
    en="Call for help",
    steps=(CALL_HOME, CALL_SECOND, SEND_VILLAGE, CALL_KEY_HOLDER, CALL_AMBULANCE, CALL_CONTACTS, WAS_WELL),
)
FALL = Script(
    id="fall",
    kinds=(AlarmKind.FALL,),
    zh="跌倒",
    en="Fall",
    steps=(
        CALL_HOME,
        Step(
            id="do_not_move",
            do=Do.READ,
            when=HELP,
            zh="告知：不要急着起身，保持通话。问：哪里疼、有没有出血、头有没有碰到、在哪个房间。",
            en="Say: do not try to get up, stay on the line. Ask: what hurts, bleeding, a hit on the head, which room.",
        ),
        CALL_SECOND,
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        CALL_AMBULANCE,
        CALL_CONTACTS,
        WAS_WELL,
    ),
)
FIRE = Script(
    id="fire",
    kinds=(AlarmKind.SMOKE, AlarmKind.GAS),
    zh="烟雾或燃气",
    en="Smoke or gas",
    steps=(
        Step(
            id="home",
            do=Do.CALL,
            target=Target.HOME,
            when=UNANSWERED,
            within_s=30,
            zh="拨打{resident}：“马上离开屋子，不要开关电器，到外面再说。”",
            en="Call {resident}: “Leave the house at once, touch no switches, talk to me from outside.”",
        ),
        Step(
            id="fire",
            do=Do.CALL,
            target=Target.FIRE,
            within_s=60,
            zh="无人接听或有火情、燃气味：拨打119并照读：“{address}，报警器报警，里面住着{resident}，行动情况：{risks}。”",
            en="No answer, fire or a smell of gas: call 119 and read out: “{address}, the detector has gone off, "
            "{resident} lives there; beware: {risks}.”",
        ),
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        CALL_CONTACTS,
        WAS_WELL,
    ),
)
INACTIVITY = Script(
    id="inactivity",
    kinds=(AlarmKind.INACTIVITY, AlarmKind.UNSEEN, AlarmKind.FOLLOW_UP),
    zh="长时间无活动",
    en="No activity",
    steps=(
        ASK_HOME,
        CALL_HOME,
        CALL_SECOND,
        CALL_CONTACTS,
        Step(
            id="send_village",
            do=Do.SEND,
            target=Target.VILLAGE,
            within_s=600,
            zh="仍无法联系：派村级责任人上门查看。进门方式：{access}。注意：{risks}。",
            en="Still no contact: send the village's responsible person to look. Way in: {access}. Beware: {risks}.",
        ),
        CALL_KEY_HOLDER,
        Step(
            id="ambulance",
            do=Do.CALL,
            target=Target.AMBULANCE,
            when=HELP,
            zh=AMBULANCE_ZH.replace("按了紧急报警", "长时间无活动"),
            en=AMBULANCE_EN.replace("has called for help", "has not moved for long"),
        ),
        WAS_WELL,
    ),
)
UNCERTAIN = Script(
    id="uncertain",
    kinds=(AlarmKind.UNCERTAIN, AlarmKind.RETAINED_PANIC),
    zh="不明确的报警",
    en="Unclear alarm",
    steps=(
        Step(
            id="what_is_known",
            do=Do.READ,
            when=ANY,
            zh="这可能是一次未能及时送达的呼救：先联系本人，联系不上按紧急呼叫处理。",
            en="This may be a call for help that could not get through: reach the resident, or treat it as one.",
        ),
        CALL_HOME,
        CALL_SECOND,
        SEND_VILLAGE,
        CALL_KEY_HOLDER,
        CALL_CONTACTS,
        WAS_WELL,
    ),
)
STANDARD: tuple[Script, ...] = (PANIC, FALL, FIRE, UNCERTAIN, INACTIVITY, *AREAS)
