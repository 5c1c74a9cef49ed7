"""The carrier's own page: whose telephone rings, what messages say, and keys to press."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nuanhu.town.carrier import Item

STATES = {
    "ringing": "振铃中 ringing",
    "answered": "已接听 answered",
    "busy": "占线 engaged",
    "no_answer": "无人接听 no answer",
    "off": "已关机 switched off",
    "delivered": "已送达 delivered",
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

KEYS = (("1", "按 1 接手 · accept"), ("2", "按 2 谢绝 · decline"), ("", "只接听 · only answer"))


def page(items: Sequence[Item], names: Mapping[str, str]) -> str:
    """The page for these messages and calls, those that ring first, then the latest.

    Args:
        items: Oldest first.
        names: Whose telephone a number is.
    """
    latest = sorted(items, key=lambda item: (item.state == "ringing", item.at), reverse=True)
    shown = "".join(_section(item, names.get(item.order.number, "")) for item in latest)
    return f"{HEAD}{shown or '<section>目前没有电话振铃。 <small>No telephone rings.</small></section>'}</body></html>"


def _section(item: Item, name: str) -> str:
    kind = "短信 message" if item.order.kind == "sms" else "电话 call"
    number = f"{escape(name)} {escape(item.order.number)}".strip()
    key = f" · 按键 {escape(item.key)}" if item.key else ""
    text = LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(item.order.text))
    ringing = item.state == "ringing"
    buttons = "".join(
        f'<button name="key" value="{value}">{label}</button>' for value, label in KEYS if ringing and not item.key
    )
    form = (
        f'<form method="post" action="/press"><input type="hidden" name="id" value="{escape(item.id)}">{buttons}</form>'
        if ringing
        else ""
    )
    state = STATES.get(item.state, item.state)
    return (
        f'<section class="{"ringing" if ringing else "over"}"><strong>{kind} · {number}</strong> '
        f"<small>{item.at:%H:%M:%S} UTC · {state}{key}</small><pre>{text}</pre>{form}</section>"
    )
