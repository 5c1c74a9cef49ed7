"""The parts of docs/incident.md that are drawn from the rules.

``python -m tests.alerting.incident_paper`` writes them anew; a test compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

from alerting.incidents import joining
from alerting.incidents.afterwards import BOUNDS, FollowUpTerms
from alerting.incidents.joining import Again
from alerting.incidents.life import AT_WORK, ROWS, RUNNING, without_holder
from alerting.incidents.values import TABLE, usual
from alerting.model import IncidentState, Outcome, Priority
from alerting.policy import Policy

PAPER = Path(__file__).resolve().parents[2] / "docs" / "incident.md"


def command_word(command: type) -> str:
    """A command as the journal writes it."""
    return str(command.__struct_config__.tag)  # type: ignore[attr-defined]


def edges() -> dict[tuple[str, str], list[str]]:
    """What leads from one state to another: commands, a new alarm, a page that is accepted, and a claim that lapses."""
    found: dict[tuple[str, str], list[str]] = {}
    for command, states, rule in ROWS:
        for state in states:
            for to in rule.to:
                if to is not state:
                    found.setdefault((state.value, to.value), []).append(command_word(command))
    for state in RUNNING:
        to = without_holder(state).get("state", state)
        if isinstance(to, IncidentState) and to is not state:
            found.setdefault((state.value, to.value), []).append("lapse")
    for state in (IncidentState.OPEN, *AT_WORK[:2], IncidentState.ON_SCENE):
        found.setdefault((state.value, IncidentState.DISPATCHED.value), []).append("page accepted")
    for to in (IncidentState.OPEN, *AT_WORK):
        found.setdefault((IncidentState.RESOLVED.value, to.value), []).append("alarm")
    return found


def diagram() -> str:
    """The states and what leads from one to another, as a Mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {IncidentState.OPEN.value}: alarm"]
    lines += [f"    {before} --> {after}: {', '.join(words)}" for (before, after), words in edges().items()]
    return "\n".join(["```mermaid", *lines, "```"])


def commands() -> str:
    """Each command: where it is possible, where it leads, under which conditions, its line in the timeline."""
    lines = ["| command | in | leads to | conditions | timeline |", "|---|---|---|---|---|"]
    for command, states, rule in ROWS:
        where = ", ".join(f"`{state.value}`" for state in states)
        to = ", ".join(f"`{state.value}`" for state in rule.to) or "stays"
        guards = "; ".join(guard.__name__.replace("_", " ") for guard in rule.guards)
        lines.append(f"| `{command_word(command)}` | {where} | {to} | {guards} | `{rule.entry.value}` |")
    return "\n".join(lines)


def values() -> str:
    """The table of values, seconds."""
    lines = ["| value | states | default, s | least, s | most, s | changed by |", "|---|---|---|---|---|---|"]
    for line in TABLE:
        where = ", ".join(f"`{state.value}`" for state in line.states)
        bounds = f"{line.of(usual())} | {line.least_s} | {line.most_s}"
        lines.append(f"| `{line.setting}` | {where} | {bounds} | {line.by.value} |")
    return "\n".join(lines)


def follow_ups() -> str:
    """The terms of follow-up calls."""
    terms = FollowUpTerms()
    lines = ["| outcome | P1 | P2 | P3 | P4 |", "|---|---|---|---|---|"]
    for outcome in Outcome:
        days = " | ".join(str(terms.wanted_in_days(outcome, priority)) for priority in Priority)
        lines.append(f"| `{outcome.value}` | {days} |")
    lines += ["", "| term | default | least | most |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {getattr(terms, name)} | {least} | {most} |" for name, (least, most) in BOUNDS.items()]
    return "\n".join(lines)


WHEN = {
    Again.ALWAYS: "rings",
    Again.PUT_AWAY: "rings if put away",
    Again.NEVER: "a line",
}


def joins() -> str:
    """When an alarm of each kind rings again in a running incident."""
    lines = [
        "| kind | usually | it stands already | new, and as urgent | new, and less urgent |",
        "|---|---|---|---|---|",
    ]
    usual = Policy()
    for kind, it in joining.TABLE.items():
        cells = " | ".join(WHEN[when] for when in (it.same, it.urgent, it.less))
        lines.append(f"| `{kind.value}` | P{usual.priorities[kind].value} | {cells} |")
    return "\n".join(lines)


PARTS = {"diagram": diagram, "commands": commands, "joins": joins, "values": values, "follow-ups": follow_ups}


def drawn(text: str) -> str:
    """The paper with its drawn parts as the rules are now."""
    for name, draw in PARTS.items():
        before, after = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        head, rest = text.split(before, 1)
        text = f"{head}{before}{draw()}\n{after}{rest.split(after, 1)[1]}"
    return text


if __name__ == "__main__":
    PAPER.write_text(drawn(PAPER.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAPER.name} drawn\n")
