"""The groups of the centre's terms as a page shows them: each line with its value, bounds, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from alerting.term_groups import GROUPS, Group
from dashboard import term_words
from dashboard.site import Site
from dashboard.speech import Speech


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed of a group of terms and is not in force, and why not; what is not in it is shown as in force."""

    group: str
    fields: Mapping[str, str] = {}
    note: str = ""
    refused: str = ""
    reasons: tuple[str, ...] = ()


async def groups_shown(site: Site, say: Speech, draft: Draft | None) -> list[dict[str, Any]]:
    """Every group as the page shows it, with what was typed and refused."""
    return [await _shown(site, say, it, draft if draft and draft.group == it.kind else None) for it in GROUPS.values()]


async def _shown(site: Site, say: Speech, group: Group, draft: Draft | None) -> dict[str, Any]:
    seen = await site.desk.terms_of(group.kind)
    now, file, plain = (group.numbers(it) for it in (seen.terms, seen.as_set, group.usual))
    typed = draft.fields if draft else {}
    wrong = dict(term_words.flaw_of(say, group.kind, it) for it in draft.reasons) if draft else {}
    lines = [
        {
            "name": line.name,
            "said": term_words.said_of(say, group.kind, line.name),
            "unit": say.gettext(unit) if (unit := term_words.UNITS[term_words.unit_of(group.kind, line.name)]) else "",
            "now": _measured(say, group, line.name, now),
            "file": _measured(say, group, line.name, file),
            "usual": _measured(say, group, line.name, plain),
            "differs": now.get(line.name) != plain[line.name],
            "least": f"{line.least:g}",
            "most": f"{line.most:g}",
            "bounds": [term_words.measure(say, group.kind, line.name, it) for it in (line.least, line.most)],
            "typed": typed.get(line.name, f"{now.get(line.name, plain[line.name]):g}"),
            "wrong": wrong.get(line.name, ""),
        }
        for line in group.lines
    ]
    return {
        "kind": group.kind,
        "id": group.kind.replace("_", "-"),
        "title": say.gettext(term_words.TITLES[group.kind]),
        "about": say.gettext(term_words.ABOUT[group.kind]),
        "lines": lines,
        "differs": sum(1 for it in lines if it["differs"]),
        "seen": seen,
        "since": next((it for it in seen.history if it.number == seen.number), None),
        "refused": say.refusal(draft.refused) if draft else "",
        "note": draft.note if draft else "",
    }


def _measured(say: Speech, group: Group, name: str, numbers: dict[str, float]) -> str:
    return term_words.measure(say, group.kind, name, numbers[name]) if name in numbers else "–"
