"""A grid platform (网格平台) in one file: takes jobs of a nuanhu gateway, and says how far its worker is.

    NUANHU_KEY=nh_… NUANHU_SECRET=… python grid_platform.py --gateway http://127.0.0.1:8080 --listen 9100

Key and secret are those that the page of other systems has shown once; its address there is
``http://127.0.0.1:9100/jobs``. What it hears and says it prints, one JSON object a line. Standard library alone.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

CLOUD_EVENT = "application/cloudevents+json"
FRESH_S = 300
RETRY_S = 0.5
TO_THE_DOOR = ("en_route", "on_scene", "inside", "safe")


def signature(secret: str, at: str, body: bytes) -> str:
    """Of a body at a time, in both directions."""
    return hmac.digest(secret.encode(), at.encode() + b"\n" + body, "sha256").hex()


def told(**line: Any) -> None:
    """Print one line, in one piece: several threads do so."""
    print(json.dumps(line, ensure_ascii=False) + "\n", end="", flush=True)


class Gateway:
    """The other side.

    Args:
        address: Of the gateway, without a path.
        key: Goes with every call.
        secret: Signs what is said.
    """

    def __init__(self, address: str, key: str, secret: str) -> None:
        """Nothing is said yet."""
        self._url = f"{address.rstrip('/')}/api/v1/jobs/events"
        self._key = key
        self._secret = secret

    def say(self, job: str, word: str, **data: Any) -> dict[str, Any] | None:
        """Say one word of a job until it is answered; None when the gateway does not take it.

        The id is the same each time, and the time is when the worker said so: saying it twice changes nothing.
        """
        event = {
            "specversion": "1.0",
            "id": f"{job}/{word}",
            "source": "grid.example",
            "type": f"nuanhu.job.{word}",
            "subject": job,
            "time": datetime.now(UTC).isoformat(),
            "data": data,
        }
        body = json.dumps(event).encode()
        while True:
            at = str(int(time.time()))
            headers = {"Authorization": f"Bearer {self._key}", "Content-Type": CLOUD_EVENT}
            headers |= {"X-Timestamp": at, "X-Signature": signature(self._secret, at, body)}
            try:
                with urlopen(Request(self._url, body, headers), timeout=10) as answer:  # noqa: S310 - as it was given
                    state = json.load(answer)
                told(said=word, job=job, stage=state["stage"], details=state["details"])
                return dict(state)
            except HTTPError as refused:
                if refused.code < 500 and refused.code != 429:  # noqa: PLR2004 - HTTP's
                    told(said=word, job=job, refused=json.load(refused))
                    return None
            except OSError:
                pass  # it is away: what was said is not lost
            time.sleep(RETRY_S)


class Platform:
    """What it was told, and whom it sends.

    Args:
        gateway: The other side.
        answer: ``accept``, ``refuse``, ``back`` (accepts, and gives the job back) or ``silent``.
        worker: Name of whom it sends.
        pace_s: So long from one word to the next.
    """

    def __init__(self, gateway: Gateway, answer: str, worker: str, pace_s: float) -> None:
        """Nobody is on the way."""
        self._gateway = gateway
        self._answer = answer
        self._worker = {"id": "WG0307", "name": worker, "phone": "19900000003"}
        self._pace_s = pace_s
        self._heard: set[str] = set()
        self._ended: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def hear(self, event: dict[str, Any]) -> None:
        """One event; the same id again changes nothing."""
        with self._lock:
            if event["id"] in self._heard:
                return
            self._heard.add(event["id"])
            ended = self._ended.setdefault(event["subject"], threading.Event())
        told(heard=event["type"], job=event["subject"], data=event["data"])
        if event["type"] == "nuanhu.job.offered":
            threading.Thread(target=self._go, args=(event["subject"], ended), daemon=True).start()
        elif event["type"] in {"nuanhu.job.recalled", "nuanhu.job.over"}:
            ended.set()

    def _go(self, job: str, ended: threading.Event) -> None:
        """Send somebody, and say how far they are, until they are called back."""
        if self._answer == "silent":
            return
        if self._answer == "refuse":
            self._gateway.say(job, "cannot_go", reason="网格员均在处置其他事件")
            return
        if self._gateway.say(job, "accepted", worker=self._worker, eta_s=600) is None:
            return
        if self._answer == "back":
            self._gateway.say(job, "back", reason="不在本网格")
            return
        for word in TO_THE_DOOR:
            if ended.wait(self._pace_s):
                return
            more = {"text": "老人摔倒，已扶起，意识清楚"} if word == "safe" else {}
            self._gateway.say(job, word, **more)
        if not ended.wait(self._pace_s):
            self._gateway.say(job, "handed_over", to="family")


def listener(platform: Platform, secret: str, port: int) -> ThreadingHTTPServer:
    """Takes what the gateway pushes: refuses what is old or not signed, and answers once it is safe."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            at, right = self.headers.get("X-Timestamp", "0"), self.headers.get("X-Signature", "")
            fresh = at.isdecimal() and abs(time.time() - int(at)) <= FRESH_S
            is_theirs = fresh and hmac.compare_digest(signature(secret, at, body), right)
            if is_theirs:
                platform.hear(json.loads(body))
            self.send_response(204 if is_theirs else 401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """What it hears is printed elsewhere."""

    return ThreadingHTTPServer(("127.0.0.1", port), Listener)


def main() -> None:
    """Listen until somebody ends it."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--gateway", required=True, help="address of the gateway: https://nuanhu.example")
    asked.add_argument("--listen", type=int, default=0, help="port; 0: a free one")
    asked.add_argument("--answer", choices=["accept", "refuse", "back", "silent"], default="accept")
    asked.add_argument("--worker", default="王建国", help="name of whom it sends")
    asked.add_argument("--pace", type=float, default=2.0, help="seconds from one word to the next")
    given = asked.parse_args()
    secret = os.environ["NUANHU_SECRET"]
    gateway = Gateway(given.gateway, os.environ["NUANHU_KEY"], secret)
    server = listener(Platform(gateway, given.answer, given.worker, given.pace), secret, given.listen)
    told(listens=f"http://127.0.0.1:{server.server_address[1]}/jobs")
    server.serve_forever()


if __name__ == "__main__":
    main()
