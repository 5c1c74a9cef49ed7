"""What somebody is told of the visits and calls that are theirs. In Chinese, as whoever makes them reads it."""

from __future__ import annotations

from alerting.care.decided import ToDo
from alerting.care.referral import ReferralAct
from alerting.silence.inactivity import moment
from gateway.paging.letterhead import REPEATED, Letterhead, least_name, village_of
from gateway.writing.directory import Directory

SUBJECT = "走访提醒"
NEWS = {
    ReferralAct.ACCEPTED: "已受理",
    ReferralAct.REFUSED: "被退回",
    ReferralAct.ANSWERED: "已办结待回访",
    ReferralAct.ANSWERED_BY_OWNER: "已答复待回访",
    ReferralAct.OFFERED: "请您接手",
    ReferralAct.TAKEN_OVER: "已由他人接手",
    ReferralAct.DECLINED: "交接被拒",
    ReferralAct.RETURNED: "重办",
}
"""What others have done about referrals that are somebody's."""


def care_text(to_do: ToDo, directory: Directory, head: Letterhead, *, may_repeat: bool) -> str:
    """The text of a reminder: how many homes, the most urgent of them, until when."""
    late = f"，其中 {to_do.late} 项已逾期" if to_do.late else ""
    until = f"最早 {head.local(moment(to_do.due_s)):%m-%d %H:%M} 到期，" if to_do.due_s else ""
    lines = [
        f"{REPEATED if may_repeat else ''}【{head.title or '暖护'}】{SUBJECT}",
        f"{_much(to_do)}{late}",
        _homes(to_do, directory),
        f"{until}请在「我的走访」登记",
    ]
    return "\n".join(lines)


def care_words(to_do: ToDo, directory: Directory, head: Letterhead) -> dict[str, str]:
    """The same in single words, for the places of a provider's template."""
    return {
        "centre": head.title or "暖护",
        "priority": "走访",
        "kind": SUBJECT,
        "place": f"{_much(to_do)}：{_homes(to_do, directory)}",
        "since": f"{head.local(moment(to_do.due_s)):%m-%d %H:%M}" if to_do.due_s else "",
        "incident": "",
        "link": "",
        "desk_phone": head.desk_phone,
    }


def _much(to_do: ToDo) -> str:
    parts = [
        f"预警待反馈 {to_do.warnings} 件" if to_do.warnings else "",
        f"待走访 {to_do.visits} 户" if to_do.visits else "",
        f"待通话 {to_do.calls} 户" if to_do.calls else "",
        f"转介待处理 {to_do.referrals} 件" if to_do.referrals else "",
        *(f"转介{NEWS[act]} {n} 件" for act, n in to_do.news if act in NEWS),
    ]
    return "，".join(part for part in parts if part)


def _homes(to_do: ToDo, directory: Directory) -> str:
    """The most urgent homes by family name and village."""
    homes = [directory.households[key] for key in to_do.homes if key in directory.households]
    named = "、".join(f"{least_name(home.title)}（{village_of(home.key, directory)}）" for home in homes)
    most = max(to_do.visits, to_do.calls, to_do.warnings, to_do.referrals)
    return f"{named}等" if len(to_do.homes) < most else named
