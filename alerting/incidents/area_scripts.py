"""The scripts of area incidents: many homes at once, so nobody's door, but whoever answers for the place."""

from __future__ import annotations

from alerting.incidents.script import Contact, Do, Script, Step, Target
from alerting.model import AlarmKind

ALWAYS = tuple(Contact)

OUTAGE = Script(
    id="area_outage",
    kinds=(AlarmKind.AREA_OUTAGE, AlarmKind.AREA_BRIDGE),
    zh="多户失联",
    en="Many homes fell silent",
    steps=(
        Step(
            id="ask_cause",
            do=Do.READ,
            when=ALWAYS,
            zh="问片区责任人、供电（95598）和网络运营商：是停电还是断网，预计何时恢复；写入备注。",
            en="Ask who answers for the area, the power company and the network: what is down, until when. Note it.",
        ),
        Step(
            id="high_risk_first",
            do=Do.READ,
            when=ALWAYS,
            zh="失联期间求助可能传不出来：按标签从高到低电话联系，联系不上的请责任人上门；依赖用电设备的住户优先。",
            en="Calls for help may not come through meanwhile: telephone by label, highest first; who does not answer "
            "is visited. Homes that depend on powered equipment come first.",
        ),
        Step(
            id="send_there",
            do=Do.READ,
            when=ALWAYS,
            zh="要有人到现场（停电、水情）：在“派谁去”派村级责任人或电工到片区；只去一户，在名单中该户一行派单。",
            en="If somebody must go there (power, water): send whoever answers for the place, or an electrician, under "
            "Whom to send; to one home only, from its line in the list.",
        ),
        Step(
            id="ends_itself",
            do=Do.READ,
            when=ALWAYS,
            zh="全部恢复后自动结束；仍有个别住户不恢复时，可填写结果结案，其失联将重新单独列出。",
            en="It ends by itself when all are back. If a few are not, close it: they are listed by themselves again.",
        ),
    ),
)
CALLS = Script(
    id="area_calls",
    kinds=(AlarmKind.AREA_CALLS,),
    zh="多户求助",
    en="Many homes call for help",
    steps=(
        Step(
            id="own_incidents",
            do=Do.READ,
            when=ALWAYS,
            zh="每户的求助照常各自受理：本事件只处理共同的原因。",
            en="Each home's own call is taken as always: this incident is about what they have in common.",
        ),
        Step(
            id="fire",
            do=Do.CALL,
            target=Target.FIRE,
            within_s=60,
            zh="拨打119：说明片区、求助户数和可能的原因（洪水、燃气、地震），请求救援。",
            en="Call 119: the area, how many homes call, and what it may be (flood, gas, earthquake); ask for rescue.",
        ),
        Step(
            id="police",
            do=Do.CALL,
            target=Target.POLICE,
            zh="拨打110：请求协助转移和维护道路。",
            en="Call 110: ask for help with moving people and keeping roads free.",
        ),
        Step(
            id="send_there",
            do=Do.READ,
            when=ALWAYS,
            zh="派村级责任人到片区现场，接应救援、清点住户；单独一户在名单中该行派单。",
            en="Send whoever answers for the village there: to meet the rescuers and count the homes. To one home "
            "only, from its line in the list.",
        ),
    ),
)
AREAS: tuple[Script, ...] = (CALLS, OUTAGE)
