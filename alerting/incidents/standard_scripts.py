"""The scripts a centre begins with; it changes them as it learns. The order is the order of urgency."""

from __future__ import annotations

from alerting.incidents.area_scripts import AREAS
from alerting.incidents.call_scripts import CALLS
from alerting.incidents.fault_script import FAULT
from alerting.incidents.script import Contact, Do, Occasion, Script, Step, Target
from alerting.incidents.script_steps import (
    AMBULANCE_EN,
    AMBULANCE_ZH,
    ANY,
    ASK_HOME,
    CALL_AMBULANCE,
    CALL_CONTACTS,
    CALL_HOME,
    CALL_KEY_HOLDER,
    CALL_SECOND,
    HELP,
    PRESSED_WELL,
    SEND_VILLAGE,
    UNANSWERED,
    WAS_WELL,
    WELL,
)
from alerting.model import AlarmKind

PANIC = Script(
    id="panic",
    kinds=(AlarmKind.PANIC,),
    zh="紧急呼叫",
    en="Call for help",
    steps=(CALL_HOME, CALL_SECOND, SEND_VILLAGE, CALL_KEY_HOLDER, CALL_AMBULANCE, CALL_CONTACTS, PRESSED_WELL),
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
        Step(
            id="ambulance",
            do=Do.CALL,
            target=Target.AMBULANCE,
            within_s=60,
            zh=AMBULANCE_ZH.replace("按了紧急报警", "可能跌倒"),
            en=AMBULANCE_EN.replace("has called for help", "may have fallen"),
        ),
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
AUDIT = Script(
    id="audit",
    kinds=(AlarmKind.AUDIT,),
    zh="系统自检发现问题",
    en="The checker found something",
    steps=(
        Step(
            id="open_it",
            do=Do.READ,
            when=ANY,
            zh="这不是住户求助，是本系统自身的问题。先打开其中所列的警情，人工跟进到底。",
            en="No resident has called: this is about the system itself. Open the incident it names; see it through.",
        ),
        Step(
            id="tell_the_engineer",
            do=Do.READ,
            when=ANY,
            zh="电话通知技术人员，读出警情编号和所列问题；恢复正常后填写结果结案。",
            en="Telephone the engineer: read out the number and what was found. Close it once it is mended.",
        ),
    ),
)
CANNOT_CALL = Script(
    id="cannot_call",
    kinds=(AlarmKind.CANNOT_CALL,),
    zh="无法呼救（按钮失效）",
    en="Cannot call for help (no button works)",
    steps=(
        Step(
            id="call_home",
            do=Do.CALL,
            target=Target.HOME,
            when=UNANSWERED,
            tries=2,
            within_s=600,
            zh="拨打{resident}：“您好，您的呼救按钮现在可能用不了。您一切都好吗？”原因在家中网关时，请其看网关是否插好电；请其按一次按钮；告知修好以前求助请打电话。",
            en="Call {resident}: “Your emergency button may not work just now. Are you well?” Where it is the hub, "
            "let them see whether it is plugged in. Let them press once; until it is mended they call by telephone.",
        ),
        CALL_SECOND,
        CALL_CONTACTS,
        Step(
            id="send_village",
            do=Do.SEND,
            target=Target.VILLAGE,
            within_s=3600,
            zh="联系不上，或按了没有收到：派村级责任人当天上门，看人，留下备用按钮或电话。进门方式：{access}。注意：{risks}。",
            en="No contact, or the press does not arrive: send the village's responsible person today, with a spare "
            "button or a telephone. Way in: {access}. Beware: {risks}.",
        ),
        CALL_KEY_HOLDER,
        Step(
            id="ambulance",
            do=Do.CALL,
            target=Target.AMBULANCE,
            when=HELP,
            zh=AMBULANCE_ZH.replace("按了紧急报警", "身体不适"),
            en=AMBULANCE_EN.replace("has called for help", "is unwell"),
        ),
        Step(
            id="mended",
            do=Do.READ,
            when=WELL,
            zh="本人平安：在“设备故障”里安排维修；每天电话问平安，直到按钮试报成功，再结案。",
            en="They are well: have it mended under Faults; call daily until a press comes through, then close.",
        ),
    ),
)
WANDERING = Script(
    id="wandering",
    occasion=Occasion.WANDERING,
    zh="走失（便携报警器不在家中）",
    en="Lost away from home (portable alarm)",
    steps=(
        Step(
            id="portable",
            do=Do.CALL,
            target=Target.HOME,
            when=UNANSWERED,
            tries=2,
            within_s=30,
            zh="拨打{resident}的电话：“您现在在哪里？身边有什么？请原地不动，我们来接您。”",
            en="Call {resident}: “Where are you, what do you see? Please stay where you are, we come for you.”",
        ),
        Step(
            id="place",
            do=Do.READ,
            when=(Contact.NONE, Contact.HELP),
            zh="看地图上报警器最后的位置和时间，记入处置记录；问清衣着和常去的地方。",
            en="Note the alarm's last place and time from the map; ask what they wear and where they like to go.",
        ),
        CALL_SECOND,
        CALL_CONTACTS,
        Step(
            id="send_village",
            do=Do.SEND,
            target=Target.VILLAGE,
            within_s=60,
            zh="派村级责任人到最后的位置和常去的地方寻找，再去家中查看。",
            en="Send the village's responsible person to the last place and the usual ones, then to the home.",
        ),
        Step(
            id="police",
            do=Do.CALL,
            target=Target.POLICE,
            within_s=120,
            zh="拨打110并照读：“{resident}走失，住址{address}，最后位置见记录，注意：{risks}。请协助寻找。”",
            en="Call 110 and read out: “{resident} of {address} is lost; the last place is on record; beware: {risks}. "
            "Please help to search.”",
        ),
        Step(
            id="ambulance",
            do=Do.CALL,
            target=Target.AMBULANCE,
            when=HELP,
            within_s=60,
            zh="本人说需要急救：拨打120并照读：“{resident}在户外需要急救，位置见记录。注意：{risks}。”",
            en="They need an ambulance: call 120 and read out: “{resident} needs help outdoors at the place on record. "
            "Beware: {risks}.”",
        ),
        Step(
            id="was_well",
            do=Do.READ,
            when=WELL,
            zh="已找到或本人平安：确认有人陪同到家，填写结果后结案。",
            en="Found, or well: make sure that somebody sees them home, and close with the outcome.",
        ),
    ),
)
UNREGISTERED = Script(
    id="unregistered",
    occasion=Occasion.UNREGISTERED,
    zh="未登记设备求助",
    en="An unregistered device calls",
    steps=(
        Step(
            id="whose_is_it",
            do=Do.READ,
            when=ANY,
            zh="先查是谁的按钮：看设备编号和接入网关；请管理员打开“未登记设备”，查它还报过什么、接在哪一户。",
            en="Find whose button it is: its id and its bridge; have an administrator look under Unregistered what "
            "else it has said, and behind which home it is.",
        ),
        Step(
            id="ask_around",
            do=Do.READ,
            when=ANY,
            zh="逐一电话询问：该接入网关上的住户、刚装机的人员、该片责任人——谁刚领到按钮，现在是否平安？写入备注。",
            en="Telephone the homes of that bridge, whoever installs just now, who answers for the area: who has a new "
            "button, and are they well? Note it.",
        ),
        Step(
            id="found",
            do=Do.READ,
            when=ANY,
            zh="找到人：按“新建警情”为该户建立警情，照紧急呼叫的处置脚本处置。找不到：报告主管，继续查找，不得以误按结案。",
            en="Found: open an incident for that home and follow its script. Not found: tell the supervisor and go on "
            "looking; it is never closed as pressed by mistake.",
        ),
    ),
)
STANDARD: tuple[Script, ...] = (
    *(PANIC, FALL, FIRE, *CALLS, UNCERTAIN, INACTIVITY, CANNOT_CALL, WANDERING, FAULT, UNREGISTERED, AUDIT),
    *AREAS,
)
