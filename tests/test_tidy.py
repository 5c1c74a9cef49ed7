"""The house style, as far as a machine can see it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 50
MOST_BYTES_IN_A_FILE = 1_500_000

ROOMS = {"alerting", "dashboard", "device_adapters", "docs", "gateway", "mosquitto", "nuanhu", "scripts", "tests"}
UNWANTED_NAMES = re.compile(
    r"(?:^|_)(?:handlers?|managers?|services?|utils?|data|process|processes|common|core|helpers?|alerts?|misc)(?:_|$)"
)
# Written so that none of them finds itself here.
UNWANTED_WORDS = {
    "an open end": r"\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK|NotImplemented[E]rror)\b",
    "a host of a package registry": r"p[y]thonhosted|p[y]pi[.](?:org|io)|registry[.]n[p]mjs|deb[.]d[e]bian",
    "a path of one machine": r"(?<![\w.])/(?:r[o]ot|h[o]me|U[s]ers|w[o]rk)/[a-z]",
    "a conflict mark": r"^(?:<{7}|>{7})(?: |$)",
}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: tracked, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the developer's git
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def none_of(found: Iterable[object]) -> None:
    """Fail with every finding, a line each."""
    lines = [" ".join(map(str, row)) if isinstance(row, tuple) else str(row) for row in found]
    assert not lines, "\n" + "\n".join(lines)


def named(*suffixes: str) -> Iterator[tuple[str, str]]:
    """(path from the root, text) of files with these suffixes."""
    for path in files():
        if path.suffix in suffixes:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def trees() -> Iterator[tuple[str, ast.Module]]:
    """(path, syntax tree) of every Python file."""
    for name, text in named(".py"):
        yield name, ast.parse(text)


def test_no_file_is_long() -> None:
    counted = [(name, text.count("\n")) for name, text in named(".py", ".js", ".css", ".html", ".sh")]
    assert len(counted) > 20
    none_of(row for row in counted if row[1] > MOST_LINES_IN_A_FILE)


def test_no_function_is_long() -> None:
    found = [
        (name, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(found) > 100
    none_of(row for row in found if row[2] > MOST_LINES_IN_A_FUNCTION)


def test_no_file_is_heavy() -> None:
    none_of(path.relative_to(ROOT) for path in files() if path.stat().st_size > MOST_BYTES_IN_A_FILE)


def test_names_are_words_of_the_trade() -> None:
    names = [name for name, _ in named(".py", ".js", ".css")]
    bad = [name for name in names if any(map(UNWANTED_NAMES.search, Path(name).with_suffix("").parts))]
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()
                if UNWANTED_NAMES.search(words):
                    bad.append(f"{name}: class {node.name}")
    none_of(bad)


@pytest.mark.parametrize("what", UNWANTED_WORDS)
def test_no_line_has(what: str) -> None:
    pattern = re.compile(UNWANTED_WORDS[what], re.MULTILINE)
    found = []
    for path in files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8")
        for hit in pattern.finditer(text):
            found.append(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}")  # noqa: PERF401
    none_of(found)


def test_every_room_is_there_and_no_other() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in files() if len(path.relative_to(ROOT).parts) > 1}
    assert {folder for folder in folders if not folder.startswith(".")} == ROOMS


def test_every_folder_of_a_room_is_a_package() -> None:
    rooms = {"alerting", "dashboard", "device_adapters", "gateway", "nuanhu"}
    folders = {path.parent for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms}
    versions = {folder for folder in folders if "migrations" in folder.parts}
    none_of(folder.relative_to(ROOT) for folder in folders - versions if not (folder / "__init__.py").is_file())


def _slug(heading: str) -> str:
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def test_links_in_the_papers_lead_somewhere() -> None:
    broken = []
    for name, text in named(".md"):
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if re.match(r"[a-z]+:", target):
                continue
            place, _, anchor = target.partition("#")
            path = (ROOT / name).parent / place if place else ROOT / name
            if not path.exists():
                broken.append(f"{name}: {target}")
            elif anchor and path.suffix == ".md":
                headings = re.findall(r"^#+ +(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
                if anchor not in map(_slug, headings):
                    broken.append(f"{name}: {target}")
    none_of(broken)


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins: dict[str, str] = {}
    for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE):
        if block.strip():
            name, version = re.match(r"([\w.-]+)==([^\s;]+)", block).groups()  # type: ignore[union-attr]
            assert "--hash=sha256:" in block, f"{lock}: {name} has no hash"
            pins[name] = version
    return pins


def test_locks_are_hashed_agree_and_name_no_host() -> None:
    main, development = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert len(main) > 20
    assert {name: development.get(name) for name in main} == main
    assert not re.search(r"://|--index|--find-links|@ ", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"))
    assert not re.search(r"://|--index|--find-links|@ ", (ROOT / "requirements.lock").read_text(encoding="utf-8"))


def scripts() -> list[Path]:
    """Everything that a shell runs."""
    return [path for path in files() if path.relative_to(ROOT).parts[0] in {"scripts", ".ci"}]


def test_scripts_can_be_started() -> None:
    assert {path.name for path in scripts()} >= {"demo", "nuanhu", "test", "check", "lock", "run"}
    none_of(path.relative_to(ROOT) for path in scripts() if not os.access(path, os.X_OK))


def test_scripts_are_clean() -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")
    said = subprocess.run([shellcheck, *scripts()], capture_output=True, text=True, check=False)
    assert said.stdout == ""
