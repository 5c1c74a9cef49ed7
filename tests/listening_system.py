"""Another system that listens on loopback for what is pushed to it: well, broken, slow, or away for a while."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ListeningSystem:
    """Answers as it is told to.

    Attributes:
        heard: Headers and body of each request, in order.
        status: What it answers.
        waits_s: So long it thinks before.
        refuses: It answers 422 to whatever has this in it.
    """

    def __init__(self) -> None:
        """It is not there yet."""
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.waits_s = 0.0
        self.refuses = b""
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/news"

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it has taken, repeats included."""
        return [json.loads(body) for _, body in self.heard]

    @property
    def ids(self) -> list[str]:
        """Ids of these."""
        return [event["id"] for event in self.events]

    def come(self) -> None:
        """Be there, on the port it had before."""
        system = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(system.waits_s)
                status = 422 if system.refuses and system.refuses in body else system.status
                if status < 300:
                    system.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{system.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Not on the screen of the tests."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Answer)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def go(self) -> None:
        """Be gone."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
