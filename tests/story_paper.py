"""The part of docs/stories.md that is drawn from the stories themselves.

``python -m tests.story_paper`` writes it anew; a test compares.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "docs" / "stories.md"
STORIES = sorted((ROOT / "tests" / "stories").glob("test_*.py"))
BEGIN, END = "<!-- stories -->\n", "<!-- end of stories -->"


def promise(path: Path) -> str:
    """The first line of a story."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def drawn(text: str) -> str:
    """The paper with every story that neither it nor the README's table names."""
    head, rest = text.split(BEGIN, 1)
    named = set(re.findall(r"test_\w+\.py", head + (ROOT / "README.md").read_text(encoding="utf-8")))
    others = [path for path in STORIES if path.name not in named]
    lines = [f"| `{path.name}` | {promise(path).rstrip('.').replace('|', '/')} |\n" for path in others]
    return f"{head}{BEGIN}| story | promise |\n|---|---|\n{''.join(lines)}{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    PAPER.write_text(drawn(PAPER.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAPER.name} drawn\n")
