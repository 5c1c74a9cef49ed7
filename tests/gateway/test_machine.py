"""What the machine says is looked at beside everything else: a disk that hangs holds up no alarm."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from gateway.clock import SystemClock
from gateway.self_supervision import machine
from gateway.self_supervision.machine import MachineLook
from gateway.settings import Settings


def test_a_folder_that_hangs_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked, let_go = threading.Event(), threading.Event()

    def hangs(_name: str, _file: Path) -> None:
        asked.set()
        let_go.wait()

    monkeypatch.setattr(machine, "_kept", hangs)
    look = MachineLook(Settings(data=tmp_path), f"sqlite:///{tmp_path / 'store'}", SystemClock())
    asked.wait()
    assert look.state(0.5) is None, "it answers at once, with nothing"
    let_go.set()
    while (seen := look.state(0.5)) is None:
        time.sleep(0.001)
    assert seen.total_bytes > 0
    assert seen.commit_s == 0.5
    assert "python" in seen.versions
