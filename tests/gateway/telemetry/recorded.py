"""A server that gives InfluxDB 2.7's answers to write requests, and keeps points as it does.

The 422 has the words of published reports, the others those of its documentation.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], str]

YES: Answer = (204, {"X-Influxdb-Version": "v2.7.11", "X-Influxdb-Build": "OSS"}, "")


def no(status: int, code: str, message: str, **headers: str) -> Answer:
    """A refusal in the words of InfluxDB."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"X-Platform-Error-Code": code, **named}, json.dumps({"code": code, "message": message})


UNAUTHORIZED = no(401, "unauthorized", "unauthorized access")
NO_BUCKET = no(404, "not found", 'bucket "nuanhu" not found')
TOO_LARGE = no(413, "request too large", "cannot read data: points in batch is too large")
TOO_MANY = no(429, "too many requests", "the rate limit was exceeded", Retry_After="2")
UNAVAILABLE = no(503, "unavailable", "the engine is closed")


def cannot_parse(line: str) -> Answer:
    return no(400, "invalid", f"unable to parse '{line}': bad timestamp")


def conflict(measurement: str) -> Answer:
    detail = f'input field "active" on measurement "{measurement}" is type float, already exists as type string'
    partial = f"failure writing points to database: partial write: field type conflict: {detail} dropped=1"
    return no(422, "unprocessable entity", partial)


class Recorded:
    """The server. ``judge`` looks at the lines of a request and answers; whatever it says yes to is kept.

    Attributes:
        points: Fields by (measurement and tags, time): a point written twice is one, as in InfluxDB.
        requests: (token header, org, bucket, precision, number of lines) of each request.
    """

    def __init__(self) -> None:
        self.judge: Callable[[list[str]], Answer] = lambda _lines: YES
        self.points: dict[tuple[str, str], dict[str, str]] = {}
        self.requests: list[tuple[str, str, str, str, int]] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = urlsplit(self.path)
                status, headers, told = outer.take(self.headers["Authorization"], asked.query, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, token: str, query: str, body: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        lines = body.splitlines()
        self.requests.append((token, asked["org"], asked["bucket"], asked["precision"], len(lines)))
        answer = self.judge(lines)
        if answer is YES:
            for line in lines:
                series, fields, time_ns = split(line)
                self.points.setdefault((series, time_ns), {}).update(fields)
        return answer

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def split(line: str) -> tuple[str, dict[str, str], str]:
    """A line of the line protocol as (series, fields, time), heeding quotes and backslashes."""
    parts, part, quoted, escaped = [], "", False, False
    for ch in line:
        if not escaped and ch == '"':
            quoted = not quoted
        if ch in " ," and not quoted and not escaped:
            parts.append((part, ch))
            part = ""
        else:
            part += ch
        escaped = ch == "\\" and not escaped
    spaces = [n for n, (_, ch) in enumerate(parts) if ch == " "]
    assert len(spaces) == 2, line
    series = ",".join(word for word, _ in parts[: spaces[0] + 1])
    fields = [word for word, _ in parts[spaces[0] + 1 :]]
    return series, dict(field.split("=", 1) for field in fields), part
