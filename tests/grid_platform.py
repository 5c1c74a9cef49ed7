"""The example of a grid platform in docs, run as a process of its own against the gateway under test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from centre import Centre
from on_the_way import OnTheWay

from alerting.enrolment.commands import SavePeer
from alerting.peers import Peer
from dashboard.api.callers import hash_of, new_key
from gateway.clock import host_time
from gateway.notify.signatures import body_mac
from tests.other_system import ADDRESS

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "examples" / "grid_platform.py"
SECRET = "5ec7e7" * 10
PEER = "grid1"
RESPONDER = f"peer:{PEER}"
KEY = new_key(PEER)


async def registered(centre: Centre, url: str, **more: Any) -> None:
    """A grid platform at this address, as an administrator registers it."""
    if url.startswith("http:") and "push_networks" not in centre.settings:
        await centre.set_up(push_networks=["127.0.0.0/8"])
    sealed = await centre.gateway.desk.sealed(SECRET)
    peer = Peer(
        id=PEER, title="网格平台", takes_jobs=True, jobs_url=url, sealed_secret=sealed, key_hash=hash_of(KEY), **more
    )
    answer = await centre.gateway.desk.submit(SavePeer(peer=peer, by="root"))
    assert answer.done, answer.refused


class GridPlatform:
    """A running one.

    Args:
        gateway: Address of the gateway.
        more: Further arguments of its command line.

    Attributes:
        lines: What it has printed so far.
    """

    def __init__(self, gateway: str, *more: str) -> None:
        """Begin, and wait until it listens."""
        self.lines: list[dict[str, Any]] = []
        self._run = subprocess.Popen(
            [sys.executable, str(EXAMPLE), "--gateway", gateway, "--pace", "0", *more],
            env=os.environ | {"NUANHU_KEY": KEY, "NUANHU_SECRET": SECRET},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._run.stdout is not None
        self.url = str(json.loads(self._run.stdout.readline())["listens"])
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._run.stdout or ():
            self.lines.append(json.loads(line))

    @property
    def port(self) -> str:
        """Where it listens."""
        return self.url.rpartition(":")[2].partition("/")[0]

    def heard(self) -> list[str]:
        """Kinds of what it was told, in order."""
        return [str(it["heard"]).removeprefix("nuanhu.job.") for it in self.lines if "heard" in it]

    def said(self) -> list[dict[str, Any]]:
        """What it has said, with what was answered."""
        return [it for it in self.lines if "said" in it]

    def stop(self) -> None:
        """End it."""
        self._run.kill()
        self._run.wait()


class Words:
    """What a grid platform says, signed; nobody listens for it.

    Args:
        centre: The gateway under test.
        job: Which job it is about.
        address: Where the gateway is, when it is a process of its own.
    """

    def __init__(self, centre: Centre, job: str, address: str = "") -> None:
        """Nothing is said yet."""
        inside = httpx.ASGITransport(app=centre.gateway.app, raise_app_exceptions=False)
        self.web = httpx.AsyncClient(transport=None if address else inside, base_url=address or ADDRESS)
        self.job = job

    async def say(self, word: str, *, id_: str = "", at: datetime | None = None, **data: Any) -> httpx.Response:
        """One word, when its worker said it; the id is the word itself where none is given."""
        event = {
            "specversion": "1.0",
            "id": id_ or word,
            "source": "grid.example",
            "type": f"nuanhu.job.{word}",
            "subject": self.job,
            "time": (at or host_time()).isoformat(),
            "data": data,
        }
        return await self.post(json.dumps(event).encode())

    async def accepts(self, worker: str = "WG1", **more: Any) -> httpx.Response:
        """Somebody goes."""
        return await self.say("accepted", worker={"id": worker, "name": "王建国"}, **more)

    async def post(self, body: bytes, *, ago_s: int = 0, secret: str = SECRET, key: str = KEY) -> httpx.Response:
        """A body, signed so long ago."""
        at = str(int(host_time().timestamp()) - ago_s)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents+json"}
        headers |= {"X-Timestamp": at, "X-Signature": body_mac(secret, at, body)}
        return await self.web.post("/jobs/events", content=body, headers=headers)


async def job_of(it: OnTheWay) -> str:
    """The id of the job that the platform has of an incident."""
    return f"{it.row.incident}/{(await it.job(RESPONDER)).number}"
