"""What a page says: enough to act, and no more of anybody than that. In Chinese, as whoever is on duty reads it."""

from __future__ import annotations

from datetime import datetime

from alerting.areas.member import area_of, is_area, place_of
from alerting.decisions import PageAsked
from alerting.incidents import woken
from alerting.model import AlarmKind, Priority
from gateway.paging.care_text import care_text, care_words
from gateway.paging.drill_text import drill_text, drill_words
from gateway.paging.letterhead import REPEATED, Letterhead, least_name, village_of
from gateway.writing.directory import Directory

PRIORITIES: dict[Priority, str] = {
    Priority.P1: "P1 紧急",
    Priority.P2: "P2 重要",
    Priority.P3: "P3 关注",
    Priority.P4: "P4 设备",
}

KINDS: dict[AlarmKind, str] = {
    AlarmKind.PANIC: "紧急按钮",
    AlarmKind.FALL: "跌倒",
    AlarmKind.SMOKE: "烟雾",
    AlarmKind.GAS: "燃气",
    AlarmKind.MEDICAL: "医疗报警",
    AlarmKind.RETAINED_PANIC: "留存的按下（待核实）",
    AlarmKind.UNCERTAIN: "不明设备报警",
    AlarmKind.INACTIVITY: "长时间无活动",
    AlarmKind.UNSEEN: "住户失联",
    AlarmKind.CANNOT_CALL: "无法呼救",
    AlarmKind.FOLLOW_UP: "回访未成",
    AlarmKind.MANUAL: "电话求助",
    AlarmKind.RULE_FAILED: "信号未能研判",
    AlarmKind.AUDIT: "系统自检发现问题",
    AlarmKind.AREA_OUTAGE: "多户失联",
    AlarmKind.AREA_BRIDGE: "接入网关中断，多户失联",
    AlarmKind.AREA_CALLS: "多户求助",
}

THIS_SYSTEM = "本系统（非住户求助）"
FLOOD = "警情洪峰"
NEXT_DOOR = "邻居可能需要帮助"
SENT = "已派您前往"
NOT_WANTED: dict[str, str] = {
    woken.OVER: "这起警情已处置，您无需前往",
    woken.RECALLED: "值班台已撤回派单，您无需前往",
    woken.ELSEWHERE: "您另有任务在身，这一户无需您前往",
}
"""What is said to who wanted to go, and need not."""
UNREGISTERED = "未登记设备"
MOVED = "设备已移机或停用，最后登记住户："


def page_text(asked: PageAsked, directory: Directory, head: Letterhead, *, may_repeat: bool, link: str = "") -> str:
    """The text of a page.

    Args:
        asked: What the rules decided.
        directory: For the name and the address.
        head: The centre's.
        may_repeat: The same page may have been received already.
        link: To this person's page about it; empty: none.
    """
    if asked.is_drill:
        return drill_text(asked, head, may_repeat=may_repeat, link=link)
    if asked.to_do is not None:
        return care_text(asked.to_do, directory, head, may_repeat=may_repeat)
    if asked.kind is None:
        return _further_operators(asked, head, may_repeat=may_repeat)
    if asked.of_neighbour:
        return _neighbour_text(asked, directory, head, may_repeat=may_repeat)
    title = f"{REPEATED if may_repeat else ''}【{head.title or '暖护'}】"
    what, where = f"{PRIORITIES[asked.priority]} · {KINDS[asked.kind]}", _where(asked, directory, head)
    if asked.of_job and asked.channel == woken.VOICE:
        return _spoken(asked, head, title, where)
    if asked.of_job:
        return _job_text(asked, head, f"{title}{SENT} · {what}", where, link)
    lines = [
        f"{title}{what}",
        where,
        f"{head.local(asked.since):%m-%d %H:%M:%S} 起无人受理",
        f"请立即受理，或回拨值班台 {head.desk_phone}" if head.desk_phone else "请立即受理",
    ]
    if link:
        lines.append(link)
    again = f"（第 {asked.round} 次从头逐级呼叫）" if asked.round > 1 else ""
    lines.append(f"编号 {asked.incident} 第 {asked.round} 轮第 {asked.step} 步{again}")
    return "\n".join(lines)


def _neighbour_text(asked: PageAsked, directory: Directory, head: Letterhead, *, may_repeat: bool) -> str:
    """To who lives next door: whose home, and nothing of what has happened there."""
    desk = f"，或回拨值班台 {head.desk_phone}" if head.desk_phone else ""
    ask = f"您能去看看吗？接到来电请按 1 表示能去，按 2 表示不能{desk}。"
    return "\n".join(
        [
            f"{REPEATED if may_repeat else ''}【{head.title or '暖护'}】您的邻居可能需要帮助",
            _next_door(asked, directory),
            ask,
        ]
    )


def _next_door(asked: PageAsked, directory: Directory) -> str:
    home = directory.households.get(asked.home)
    return home.address if home is not None else ""


def _job_text(asked: PageAsked, head: Letterhead, what: str, where: str, link: str) -> str:
    """To whoever the desk has sent: the rest is behind the link and their PIN."""
    desk = f"回拨值班台 {head.desk_phone}" if head.desk_phone else ""
    answer = "，或".join(part for part in ("请打开链接接单" if link else "", desk) if part)
    lines = [what, where, f"{head.local(asked.since):%m-%d %H:%M:%S} 派单", answer, link, f"编号 {asked.incident}"]
    return "\n".join(line for line in lines if line)


def _spoken(asked: PageAsked, head: Letterhead, title: str, where: str) -> str:
    """The same by a call, to who may have been asleep: who and where, which key, and nothing else."""
    if asked.not_wanted:
        return f"{title}{where}。{NOT_WANTED[asked.not_wanted]}。"
    desk = f"，或回拨值班台 {head.desk_phone}" if head.desk_phone else ""
    return f"{title}{SENT}：{where}。接单请按 1，不能前往请按 2{desk}。"


def _further_operators(asked: PageAsked, head: Letterhead, *, may_repeat: bool) -> str:
    """Calls further operators: how many incidents, for how many at their consoles."""
    new, operators, minutes = asked.detail.split("|")
    return "\n".join(
        [
            f"{REPEATED if may_repeat else ''}【{head.title or '暖护'}】{FLOOD}",
            f"{minutes} 分钟内新警情 {new} 起，在席 {operators} 人",
            f"{head.local(asked.since):%m-%d %H:%M:%S} 起",
            f"请增派坐席到岗{f'，值班台 {head.desk_phone}' if head.desk_phone else ''}",
        ]
    )


def page_words(asked: PageAsked, directory: Directory, head: Letterhead, link: str) -> dict[str, str]:
    """The same in single words, for the places of a provider's template: its text is the provider's, not ours."""
    if asked.is_drill:
        return drill_words(asked, head, link)
    if asked.to_do is not None:
        return care_words(asked.to_do, directory, head)
    if asked.of_neighbour:
        place = _next_door(asked, directory)
        words = {"centre": head.title or "暖护", "kind": NEXT_DOOR, "place": place, "desk_phone": head.desk_phone}
        return {**words, "since": f"{head.local(asked.since):%m-%d %H:%M}"}
    return {
        "centre": head.title or "暖护",
        "priority": PRIORITIES[asked.priority],
        "kind": FLOOD if asked.kind is None else f"{_why(asked)}{KINDS[asked.kind]}",
        "place": _where(asked, directory, head),
        "since": f"{head.local(asked.since):%m-%d %H:%M}",
        "incident": asked.incident,
        "link": link,
        "desk_phone": head.desk_phone,
        "round": "" if asked.kind is None or asked.of_job else str(asked.round),
        "step": "" if asked.kind is None or asked.of_job else str(asked.step),
        "again": f"第 {asked.round} 次从头逐级呼叫" if asked.round > 1 else "",
    }


def _why(asked: PageAsked) -> str:
    """What is said before the kind, to who was sent."""
    return f"{NOT_WANTED.get(asked.not_wanted, SENT)} " if asked.of_job else ""


def _where(asked: PageAsked, directory: Directory, head: Letterhead) -> str:
    if asked.kind is None:
        return "请增派坐席到岗"
    if is_area(asked.key):
        return "，".join(part for part in (area_place(asked.key, directory), _homes(asked.detail)) if part)
    home = directory.households.get(asked.home)
    if home is None and asked.kind is AlarmKind.AUDIT:
        return THIS_SYSTEM
    if home is None:
        return f"{UNREGISTERED} {asked.key.lstrip('~').replace('~', ' / ')}"
    moved = MOVED if asked.key != asked.home and asked.kind is not AlarmKind.RULE_FAILED else ""
    if not head.full:
        return f"{moved}{least_name(home.title)}，{village_of(home.key, directory)}"
    above = "".join(area.name for area in directory.areas_above(home.area)[-2:] if area.name not in home.address)
    return f"{moved}{home.title}，{above}{home.address}"


def _homes(detail: str) -> str:
    """How many homes an area incident has, and how many of them are not back."""
    away, _, homes = detail.partition("|")
    if not homes:
        return ""
    return f"共 {homes} 户" if away == homes else f"共 {homes} 户，{away} 户未恢复"


def area_place(key: str, directory: Directory) -> str:
    """Town and village of an area incident, or the bridge that is gone, by its key."""
    if area := area_of(key):
        return "".join(it.name for it in directory.areas_above(area)[-2:])
    bridge = directory.bridges.get(place_of(key))
    return bridge.title if bridge is not None and bridge.title else place_of(key)


def daily_test_text(phone: str, now: datetime, head: Letterhead) -> str:
    """The text of the daily test."""
    return f"【{head.title or '暖护'}】每日呼叫测试：{phone}，{head.local(now):%m-%d %H:%M}。通道正常，无需处理。"


def daily_test_words(head: Letterhead, now: datetime) -> dict[str, str]:
    """The daily test in single words, for the places of a provider's template."""
    words = {"centre": head.title or "暖护", "priority": "测试", "kind": "每日呼叫测试", "desk_phone": head.desk_phone}
    return {**words, "since": f"{head.local(now):%m-%d %H:%M}", "place": "无需处理"}
