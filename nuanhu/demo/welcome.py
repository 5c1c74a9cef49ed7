"""What ``nuanhu demo`` says at its start and end: in Chinese, in English, or each line in both."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from alerting.casefile import Role
from dashboard.settings import DemoAccount
from nuanhu.demo.people import ACCOUNTS, BENCH, BENCH_BUTTON, PASSWORD
from nuanhu.demo.telephones import PIN

Tongue = Literal["zh", "en", "both"]
Line = tuple[str, str]
"""Chinese, English."""
NOTHING: Line = ("", "")
WIDE = "\u3000"

ROLES: dict[Role, Line] = {
    Role.OPERATOR: ("坐席", "operator"),
    Role.SUPERVISOR: ("主管", "supervisor"),
    Role.RESPONDER: ("处置人员", "responder"),
    Role.INSTALLER: ("安装员", "installer"),
    Role.ADMINISTRATOR: ("管理员", "administrator"),
}


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say once the first screen is served.

    Attributes:
        households: Homes in the town.
        base: Address of the screens.
        telephones: Address of the carrier's page.
        folder: Keeps the town.
        broker: Make, host and port of the broker.
        first_screen_s: From the command to the first page, seconds.
        is_new: It is a new town.
        limits: What does not hold with this broker.
    """

    households: int
    base: str
    telephones: str
    folder: Path
    broker: tuple[str, str, int]
    first_screen_s: float
    is_new: bool
    limits: tuple[str, ...] = ()


def tongue_of(environment: Mapping[str, str] = os.environ) -> Tongue:
    """The language of the terminal: Chinese where the locale says so, else both."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "both"


def said(tongue: Tongue, lines: list[Line]) -> str:
    """Lines in one language, or each in both; a line that is the same in both is said once."""
    told: list[str] = []
    for chinese, english in lines:
        both = (chinese, english) if chinese != english else (chinese,)
        told += {"zh": (chinese,), "en": (english,), "both": both}[tongue]
    return "\n".join(told)


def welcome(opened: Opened) -> list[Line]:
    """Where to go, as whom, what to try first, and how to send a real payload."""
    took_s = f"{opened.first_screen_s:.1f}"
    town = ("新建的小城", "A new town") if opened.is_new else ("接着上次的小城", "The same town as before")
    return [
        NOTHING,
        (
            f"  暖护 nuanhu · {opened.households} 户 · {opened.base}   （首屏用时 {took_s} 秒）",
            f"  nuanhu · {opened.households} households · {opened.base}   (first screen after {took_s} s)",
        ),
        (
            f"  {town[0]}，数据在 {opened.folder}；按 Ctrl-C 结束。",
            f"  {town[1]} in {opened.folder}; Ctrl-C ends it.",
        ),
        NOTHING,
        *(_account(account) for account in ACCOUNTS),
        NOTHING,
        ("  先试这几步：", "  Try this first:"),
        *_steps(opened),
        NOTHING,
        *((f"  此代理做不到：{limit}", f"  Does not hold with this broker: {limit}") for limit in opened.limits),
    ]


def _account(account: DemoAccount) -> Line:
    chinese, english = ROLES[account.role]
    tail = f"{account.login:<10} {account.password}"
    return f"    {chinese}{WIDE * (5 - len(chinese))}{tail}", f"    {english:<14} {tail}"


def _steps(opened: Opened) -> list[Line]:
    make, host, port = opened.broker
    payload = '{"action":"emergency","battery":100,"linkquality":90}'
    press = f"mosquitto_pub -h {host} -p {port} -u {BENCH.id} -P {PASSWORD} -t zigbee2mqtt/{BENCH_BUTTON}"
    command = f"       {press} -m '{payload}'"
    replay = f"       scripts/nuanhu replay --data {opened.folder} --help"
    return [
        (
            "    1. 用 zuoxi1 登录，开始上岗并试声音；约 10 秒后有人按下求助按钮。",
            "    1. Sign in as zuoxi1, start the shift and its sound: after some 10 s somebody presses a button.",
        ),
        (
            "    2. 受理（A）、电话（C）、处置完毕（R）、结案（X）。",
            "    2. Claim it (A), call (C), resolve (R), close (X).",
        ),
        (
            f"    3. 或放着 90 秒不理：{opened.telephones} 上会响铃，按 1 接手，或打开短信链接（PIN {PIN}）。",
            f"    3. Or leave it for 90 s: {opened.telephones} rings; press 1, or open the link (PIN {PIN}).",
        ),
        (
            f"    4. 自己按一次：在上面那一页，或发一条真实报文（{make} {host}:{port}）：",
            f"    4. Press a button yourself: on that page, or with a real payload ({make} {host}:{port}):",
        ),
        (command, command),
        (
            "    5. anzhuang（安装员，用手机看）有工单：开始测试，小城替你触发；zhuguan 在“值守”里改预案。",
            "    5. anzhuang (installer, on a phone) has a work order: start a test, the town does the rest.",
        ),
        ("    6. 事后复核，逐条重算：", "    6. Afterwards, judge it all again:"),
        (replay, replay),
    ]


def farewell(signals: int, shown: int, raised: int, folder: Path) -> list[Line]:
    """What was seen, and where the town waits."""
    return [
        ("", ""),
        (
            f"  共判断 {signals} 条信号；{raised} 次呼救显示了 {shown} 次；小城留在 {folder}。",
            f"  {signals} signals judged; {shown} of {raised} presses shown; the town waits in {folder}.",
        ),
    ]
