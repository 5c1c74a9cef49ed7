"""The scripts in a tree of their own: a bare environment, any folder, a second run, a broken one, one that moved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def bare(home: Path) -> dict[str, str]:
    """Nothing but a home and where programs are, mosquitto's folder not among them."""
    return {"HOME": str(home), "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), "/usr/bin", "/bin"])}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose locks are empty and whose command tells what it was given."""
    tree = tmp_path_factory.mktemp("a check out") / "暖护"
    shutil.copytree(ROOT / "scripts", tree / "scripts")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tree / lock).write_text("")
    (tree / "nuanhu").mkdir()
    (tree / "nuanhu" / "__init__.py").touch()
    (tree / "nuanhu" / "__main__.py").write_text("import os, sys\nprint(os.getcwd(), sys.argv[1:])\n")
    return tree


def run(tree: Path, *words: str, cwd: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = bare(cwd)
    if path is not None:
        environment["PATH"] = path
    script, *arguments = words
    return subprocess.run(
        [shutil.which("bash") or "bash", str(tree / "scripts" / script), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_a_fresh_tree_makes_its_environment_then_only_runs(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "nuanhu.py").write_text("raise SystemExit('the folder one stands in must not matter')\n")
    first = run(tree, "nuanhu", "decode", "--a b", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"{tmp_path} ['decode', '--a b']\n"
    assert "making .venv with Python 3." in first.stderr
    second = run(tree, "nuanhu", cwd=Path("/"))
    assert (second.returncode, second.stdout, second.stderr) == (0, "/ []\n", "")


def test_a_tree_that_moved_still_runs(tree: Path, tmp_path: Path) -> None:
    assert run(tree, "nuanhu", cwd=tmp_path).returncode == 0
    moved = tmp_path / "moved"
    tree.rename(moved)
    try:
        said = run(moved, "nuanhu", "x", cwd=tmp_path)
    finally:
        moved.rename(tree)
    assert (said.returncode, said.stdout, said.stderr) == (0, f"{tmp_path} ['x']\n", "")


def test_an_environment_whose_python_is_gone_is_made_anew(tree: Path, tmp_path: Path) -> None:
    assert run(tree, "nuanhu", cwd=tmp_path).returncode == 0
    python = tree / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "no-such-python")
    again = run(tree, "nuanhu", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "making .venv" in again.stderr


def test_a_changed_lock_is_installed_again(tree: Path, tmp_path: Path) -> None:
    assert run(tree, "nuanhu", cwd=tmp_path).returncode == 0
    (tree / "requirements.lock").write_text("# changed\n")
    again = run(tree, "nuanhu", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "installing what requirements.lock names" in again.stderr
    assert "making .venv" not in again.stderr


def test_without_a_python_new_enough_one_line_says_so(tree: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "dirname", "cmp", "flock", "id"):
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    old = programs / "python3"
    old.write_text(f"#!{programs / 'bash'}\nexit 1\n")
    old.chmod(0o755)
    (tree / "requirements.lock").write_text("# changed again\n")
    said = run(tree, "nuanhu", cwd=tmp_path, path=str(programs))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        "Python 3.11 or later was not found: install it, for example with apt-get install python3"
    ]
    assert said.stdout == ""
