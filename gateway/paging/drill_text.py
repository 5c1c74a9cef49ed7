"""What somebody is told who is called in a drill. In Chinese, as whoever is on duty reads it."""

from __future__ import annotations

from alerting.paged import PageAsked
from gateway.paging.letterhead import REPEATED, Letterhead

SUBJECT = "呼叫演练"
NO_ALARM = "非警情，无人求助"
TO_DO = "请按 1 键，或打开链接输入口令应答"
TO_DO_WITHOUT_LINK = "接到语音来电时请按 1 键应答"


def drill_text(asked: PageAsked, head: Letterhead, *, may_repeat: bool, link: str) -> str:
    """The text of a drill's message: that it is one, what to do, until when."""
    until = f"请在 {head.local(asked.until):%H:%M} 前应答"
    lines = [
        f"{REPEATED if may_repeat else ''}【{head.title or '暖护'}】{SUBJECT}（{NO_ALARM}）",
        TO_DO if link else TO_DO_WITHOUT_LINK,
        f"{until}，值班台 {head.desk_phone}" if head.desk_phone else until,
    ]
    return "\n".join([*lines, link] if link else lines)


def drill_words(asked: PageAsked, head: Letterhead, link: str) -> dict[str, str]:
    """The same in single words, for the places of a provider's template."""
    return {
        "centre": head.title or "暖护",
        "priority": "演练",
        "kind": SUBJECT,
        "place": NO_ALARM,
        "since": f"{head.local(asked.since):%m-%d %H:%M}",
        "incident": "",
        "link": link,
        "desk_phone": head.desk_phone,
        "round": "",
        "step": "",
        "again": "",
    }
