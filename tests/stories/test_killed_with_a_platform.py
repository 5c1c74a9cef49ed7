"""The gateway is killed while a grid platform hears of a job, and while it answers: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from centre import PASSWORD, Centre, ScriptedClock
from on_the_way import OnTheWay, claimed

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import EntryKind
from gateway.broker import leash
from gateway.broker.mosquitto import MOSQUITTO
from gateway.broker.port import choose_port
from gateway.clock import host_time
from tests.grid_platform import RESPONDER, Words, job_of, registered

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0
HOST = "127.0.0.1"
SAID: dict[str, tuple[float, Stage, EntryKind]] = {
    "accepted": (0.0, Stage.ACCEPTED, EntryKind.JOB_ACCEPTED),
    "on_scene": (0.004, Stage.ON_SCENE, EntryKind.ARRIVED),
    "inside": (0.012, Stage.INSIDE, EntryKind.JOB_INSIDE),
    "handed_over": (0.03, Stage.HANDED_OVER, EntryKind.JOB_HANDED_OVER),
}
"""What the platform says, and how long after it was sent the gateway is killed, seconds."""


class Platform:
    """Takes what it is told, and answers only once it may.

    Attributes:
        told: Every event it was told, repeats included.
        answers: Whether it answers; else the line stays open.
    """

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.answers = threading.Event()
        platform = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                platform.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                if platform.answers.wait(WAIT_S):
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Not on the screen of the tests."""

        self._server = ThreadingHTTPServer((HOST, 0), Answer)
        self._server.daemon_threads = True
        self.url = f"http://{HOST}:{self._server.server_address[1]}/jobs"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.answers.set()
        self._server.shutdown()
        self._server.server_close()


class Killable:
    """``nuanhu run`` on the store and broker of a centre whose own gateway is closed; tied to this process."""

    def __init__(self, centre: Centre) -> None:
        self.address = f"http://{HOST}:{(port := choose_port(HOST))}"
        lines: dict[str, Any] = {
            "data": str(centre.folder / "data"),
            "broker_host": centre.broker.host,
            "broker_port": centre.broker.port,
            "broker_password": PASSWORD,
            "host": HOST,
            "port": port,
            "push_networks": ["127.0.0.0/8"],
        }
        self._toml = centre.folder / "nuanhu.toml"
        self._toml.touch(mode=0o600)
        self._toml.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items()))
        self._log = (centre.folder / "gateway.log").open("ab")
        self._run: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        self._begin()
        async with httpx.AsyncClient() as web:
            for _ in range(int(WAIT_S / 0.05)):
                try:
                    await web.get(f"{self.address}/healthz")
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
                else:
                    return
        raise AssertionError(f"it does not answer, see {self._log.name}")

    def _begin(self) -> None:
        tied = [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid())]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NUANHU_")}
        self._run = subprocess.Popen(
            [*tied, sys.executable, "-m", "nuanhu", "run", "--settings", str(self._toml)],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
        )

    def kill(self) -> None:
        """``kill -9``."""
        if self._run is not None:
            self._run.kill()
            self._run.wait()

    def stop(self) -> None:
        """Ask it to end."""
        assert self._run is not None
        self._run.terminate()
        self._run.wait(WAIT_S)


@pytest.fixture
def platform() -> Iterator[Platform]:
    it = Platform()
    yield it
    it.close()


@pytest.fixture
async def hosted(tmp_path: Path) -> AsyncIterator[Centre]:
    """A centre by the clock of the host, as its processes have it."""
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    centre = Centre(tmp_path)
    centre.clock = ScriptedClock(host_time())
    centre.settings["push_networks"] = ["127.0.0.0/8"]
    await centre.start()
    yield centre
    await centre.stop()


async def handed(centre: Centre, platform: Platform) -> OnTheWay:
    """A job for the platform, which is in the outbox when the gateway ends."""
    await registered(centre, platform.url)
    it = await claimed(centre)
    assert (await it.send(RESPONDER)).done
    return it


async def heard(platform: Platform, count: int) -> None:
    for _ in range(int(WAIT_S / 0.01)):
        if len(platform.told) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"the platform has heard {len(platform.told)} of {count}")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_killed_before_each_answer_every_event_arrives_and_counts_once(
    hosted: Centre, platform: Platform
) -> None:
    it = await handed(hosted, platform)
    job = await job_of(it)
    await hosted.close_gateway()
    process = Killable(hosted)
    try:
        before = len(platform.told)
        await process.start()
        await heard(platform, before + 1)
        process.kill()  # the job is handed over, and the platform has not answered
        platform.answers.set()
        before = len(platform.told)
        await process.start()
        await heard(platform, before + 1)
        words = Words(hosted, job, f"{process.address}/api/v1")
        for word, (after_s, _, _) in SAID.items():
            more: dict[str, Any] = {"to": HandedTo.FAMILY.value} if word == "handed_over" else {}
            if word == "accepted":
                more = {"worker": {"id": "WG1", "name": "王建国"}}
            said_at = host_time()
            first = asyncio.create_task(words.say(word, at=said_at, **more))
            await asyncio.sleep(after_s)
            process.kill()  # while its answer is on the way, before it, or after
            await asyncio.gather(first, return_exceptions=True)
            await process.start()
            again = await words.say(word, at=said_at, **more)  # a platform says it until it is answered
            assert again.status_code == 200, again.text
        process.stop()
    finally:
        process.kill()
    hosted.clock = ScriptedClock(host_time())
    await hosted.open_gateway()
    offers = [event for event in platform.told if event["type"] == "nuanhu.job.offered"]
    assert len(offers) > 1, "killed before the answer it is told again"
    assert len({(event["id"], event["subject"]) for event in offers}) == 1, "as the same event"
    assert await it.stage(RESPONDER) is Stage.HANDED_OVER
    stages = [stage for stage, _ in (await it.job(RESPONDER)).times]
    timeline = (await hosted.incident(it.row.incident)).timeline
    for word, (_, stage, kind) in SAID.items():
        assert stage in stages, word
        assert sum(line.kind is kind for line in timeline) == 1, f"{word} is told once"
    assert sum(line.kind is EntryKind.JOB_RECEIVED for line in timeline) == 1
