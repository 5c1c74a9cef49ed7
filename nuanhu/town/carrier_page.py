"""The carrier's own page: whose telephone rings, what messages say, and keys to press."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nuanhu.town.carrier import Item

STATES = {
    "ringing": ("振铃中", "ringing"),
    "answered": ("已接听", "answered"),
    "busy": ("占线", "engaged"),
    "no_answer": ("无人接听", "no answer"),
    "off": ("已关机", "switched off"),
    "delivered": ("已送达", "delivered"),
}
LINK = re.compile(r"https?://[^\s<&]+")

HEAD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>演示电话 · Telephones of the demo</title>
<style>body{font:16px system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
body{background:#f3f4f5;color:#222}
section{background:#fff;border:1px solid #ccc;border-radius:6px;padding:.8rem 1rem;margin:.8rem 0}
.ringing{border:3px solid #b00;}pre{white-space:pre-wrap;font:inherit;margin:.4rem 0}
button{font:inherit;padding:.6rem 1.2rem;margin-right:.5rem}small{color:#555}</style></head><body>
<h1>演示电话 <small>Telephones of the demo</small></h1>
<p>这里代替短信与语音服务商：无人受理的警情会让下面的电话振铃。按 1 接手。<br>
<small>This stands in for a provider of messages and calls: an incident that nobody takes lets a telephone ring here.
Press 1 to accept it.</small></p>"""

QUIET = "<section>目前没有电话振铃。 <small>No telephone rings.</small></section>"
KEYS = (("1", "按 1 接手", "accept"), ("2", "按 2 谢绝", "decline"), ("", "只接听", "only answer"))
TOWN = timezone(timedelta(hours=8))
"""The town's own time."""
CALL = """<section><form method="post" action="/press"><button name="call" value="1">让小城里的一户按下求助按钮
<small>press a button in the town</small></button></form>
<p>随后看坐席屏幕：响铃、受理、电话、结案；90 秒无人受理，下面就会有电话响。<br>
<small>Then look at the console. Left for 90 s, a telephone rings below.</small></p></section>"""


def page(items: Sequence[Item], names: Mapping[str, str], *, can_call: bool = False) -> str:
    """The page for these messages and calls, those that ring first, then the latest.

    Args:
        items: Oldest first.
        names: Whose telephone a number is.
        can_call: There is a town in which a button can be pressed from here.
    """
    latest = sorted(items, key=lambda item: (item.state == "ringing", item.at), reverse=True)
    shown = "".join(_section(item, names.get(item.order.number, "")) for item in latest)
    call = CALL if can_call else ""
    return f"{HEAD}{call}{shown or QUIET}</body></html>"


def _both(chinese: str, english: str) -> str:
    return f'{chinese} <small lang="en">{english}</small>'


def _section(item: Item, name: str) -> str:
    kind = _both("短信", "message") if item.order.kind == "sms" else _both("电话", "call")
    number = f"{escape(name)} {escape(item.order.number)}".strip()
    key = f" · 按键 {escape(item.key)}" if item.key else ""
    text = LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(item.order.text))
    ringing = item.state == "ringing"
    buttons = "".join(
        f'<button name="key" value="{value}">{_both(*label)}</button>'
        for value, *label in KEYS
        if ringing and not item.key
    )
    form = (
        f'<form method="post" action="/press"><input type="hidden" name="id" value="{escape(item.id)}">{buttons}</form>'
        if ringing
        else ""
    )
    state = _both(*STATES[item.state]) if item.state in STATES else escape(item.state)
    return (
        f'<section class="{"ringing" if ringing else "over"}"><strong>{kind} · {number}</strong> '
        f"<small>{item.at.astimezone(TOWN):%H:%M:%S} · {state}{key}</small><pre>{text}</pre>{form}</section>"
    )
