"""Steps that several of the standard scripts have: whom to call and send, with the words for it."""

from __future__ import annotations

from alerting.incidents.script import Contact, Do, Step, Target

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
    zh="本人确认平安：问清报警时的情况，填写结果后结案。",
    en="The resident is well: ask what was going on when it rang, and close with the outcome.",
)
PRESSED_WELL = Step(
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
