"""A real time-series store for tests: VictoriaMetrics behind vmauth, which lets in whoever has the token."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from gateway.broker.port import choose_port

PROGRAMS = ("victoria-metrics", "vmauth")
TOKEN = "for-tests-only"
HOST = "127.0.0.1"
START_WITHIN_S = 60.0

Sample = tuple[str, frozenset[tuple[str, str]], int, float]
"""Series name, labels, UTC epoch milliseconds, value."""


class NoMetricStoreError(Exception):
    """The programs are not installed; the message says which."""


def _program(name: str) -> str:
    """The system's, or the one that scripts/test has unpacked beside the environment."""
    found = shutil.which(name) or shutil.which(name, path=Path(sys.prefix) / "metric-store" / "usr" / "bin")
    if found is None:
        raise NoMetricStoreError(f"{name} is not installed")
    return found


class MetricStore:
    """One store on ports of its own. ``url`` is the entrance for writers; it answers 502 while the store is down."""

    def __init__(self) -> None:
        self._programs = [_program(name) for name in PROGRAMS]
        self.folder = Path(tempfile.mkdtemp(prefix="nuanhu-vm-"))
        self._inside = f"{HOST}:{choose_port(HOST)}"
        entrance = f"{HOST}:{choose_port(HOST)}"
        self.url = f"http://{entrance}"
        self._store: subprocess.Popen[bytes] | None = None
        users = [{"bearer_token": TOKEN, "url_prefix": f"http://{self._inside}/"}]
        (self.folder / "users.yml").write_text(json.dumps({"users": users}))
        guard = (self._programs[1], f"-httpListenAddr={entrance}", f"-auth.config={self.folder / 'users.yml'}")
        self._guard = self._run(*guard)
        self._until_open(entrance)

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen([*command, "-loggerLevel=WARN"], stdout=log, stderr=log)

    def _until_open(self, address: str) -> None:
        host, port = address.split(":")
        for _ in range(int(START_WITHIN_S / 0.05)):
            with socket.socket() as sock:
                if sock.connect_ex((host, int(port))) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"nothing listens at {address}: {(self.folder / 'log').read_text()[-500:]}")

    def start(self) -> None:
        """Start the store with what it had."""
        settings = ("-dedup.minScrapeInterval=1ms", "-retentionPeriod=100y")
        where = (f"-httpListenAddr={self._inside}", f"-storageDataPath={self.folder / 'kept'}")
        self._store = self._run(self._programs[0], *where, *settings)
        self._until_open(self._inside)

    def kill(self) -> None:
        """``kill -9``."""
        if self._store is not None:
            self._store.kill()
            self._store.wait()
            self._store = None

    def samples(self) -> set[Sample]:
        """Everything it has."""
        httpx.get(f"http://{self._inside}/internal/force_flush").raise_for_status()
        answer = httpx.get(f"http://{self._inside}/api/v1/export", params={"match[]": '{__name__!=""}'}, timeout=30)
        found: set[Sample] = set()
        for line in answer.text.splitlines():
            series = json.loads(line)
            name = series["metric"].pop("__name__")
            labels = frozenset(series["metric"].items())
            times = series["timestamps"]
            assert len(times) == len(set(times)), f"{name} has a point twice"
            found |= {(name, labels, at, value) for at, value in zip(times, series["values"], strict=True)}
        return found

    def close(self) -> None:
        """End both programs and forget everything."""
        self.kill()
        self._guard.kill()
        self._guard.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def new_metric_store() -> MetricStore:
    """A store that is not started yet; skips the test by name where the programs are missing."""
    try:
        return MetricStore()
    except NoMetricStoreError as why:
        pytest.skip(str(why))
