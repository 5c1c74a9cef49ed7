"""What a centre begins with for a fault of equipment."""

from __future__ import annotations

from alerting.incidents.script import Contact, Do, Occasion, Script, Step, Target

ANY = (Contact.NONE, Contact.WELL, Contact.HELP)
UNANSWERED = (Contact.NONE,)

FAULT = Script(
    id="fault",
    occasion=Occasion.FAULT,
    zh="设备故障",
    en="Equipment fault",
    steps=(
        Step(
            id="home",
            do=Do.CALL,
            target=Target.HOME,
            when=ANY,
            zh="拨打{resident}：先问人是否平安，再请其看设备：有没有电、灯亮不亮、是否被挪动或拔掉。",
            en="Call {resident}: first whether they are well; then whether the device has power, a light, was moved.",
        ),
        Step(
            id="contacts",
            do=Do.CALL,
            target=Target.CONTACTS,
            when=UNANSWERED,
            zh="无人接听：联系家属或持钥人，请其上门看人并看设备。",
            en="No answer: ask a contact or the key holder to look after the person and the device.",
        ),
        Step(
            id="battery",
            do=Do.READ,
            when=ANY,
            zh="电量低：安排换电池；离线：请重新上电；被拆动或自报故障：派安装人员。",
            en="Battery low: have it replaced; out of reach: power it anew; tampered or broken: send an installer.",
        ),
        Step(
            id="protect",
            do=Do.READ,
            when=ANY,
            zh="修好以前此户看不全：按走访要求每天电话或上门确认平安，修好后请按一次按钮试报。",
            en="Until then the home is not fully seen: call or visit daily; once mended, let them press as a test.",
        ),
    ),
)
