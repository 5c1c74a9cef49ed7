"""Every example in docs/notification.md, sent to a server of ours: what goes out, and what is read from the answer."""

from __future__ import annotations

import base64
import hmac
import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from gateway.notify import Channels, Outgoing, Sent, robots
from gateway.notify.provider import Provider, ProviderSettings
from gateway.settings import read_settings

PAPER = Path(__file__).resolve().parents[2] / "docs" / "notification.md"
TEXT = "【暖护】P1 紧急 · 紧急按钮"


def examples() -> list[str]:
    """The addresses in the paper's table."""
    table = PAPER.read_text(encoding="utf-8").split("## Addresses", 1)[1].split("\n\n## ", 1)[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ")]
    return [found[1] for row in rows[1:] if (found := re.search(r"`(\S+://\S+)`", row[2]))]


def test_every_address_in_the_paper_is_understood() -> None:
    providers = [Provider(name, ProviderSettings(url="https://sms.example.org")) for name in ("main", "second")]
    assert len(examples()) == 10
    for address in examples():
        Channels({"duty": SecretStr(address)}, providers)


class Server(ThreadingHTTPServer):
    """Answers each request with ``answer`` and remembers it."""

    answer: Any = None
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.heard: list[tuple[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Line(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, body.decode()))
        self.send_response(self.server.status)
        said = json.dumps(self.server.answer).encode()
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Not on the screen of the tests."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Stands where the operators' servers are."""
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    for name in ("WECOM", "DINGTALK", "FEISHU", "LARK"):
        path = urlsplit(getattr(robots, name)).path
        monkeypatch.setattr(robots, name, running.url + path)
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def sent_to(address: str) -> Sent:
    return Channels({"duty": SecretStr(address)}).send(Outgoing(recipient="duty", text=TEXT))


def example(scheme: str) -> str:
    return next(address for address in examples() if address.startswith(f"{scheme}://"))


def test_wecom_gets_a_text_as_its_paper_says(server: Server) -> None:
    server.answer = {"errcode": 0, "errmsg": "ok"}
    assert sent_to(example("wecombot")) == Sent()
    ((path, body),) = server.heard
    assert path == "/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    assert json.loads(body) == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_gets_a_signed_text_that_names_who_is_called(server: Server) -> None:
    server.answer = {"errcode": 0, "errmsg": "ok"}
    assert sent_to(example("dingtalk")) == Sent()
    ((path, body),) = server.heard
    fields = {name: value for name, (value,) in parse_qs(urlsplit(path).query).items()}
    right = hmac.new(b"SECabc123", f"{fields['timestamp']}\nSECabc123".encode(), "sha256").digest()
    assert fields["sign"] == base64.b64encode(right).decode()
    assert fields["access_token"] == "tokenabc123"
    assert json.loads(body) == {
        "msgtype": "text",
        "text": {"content": TEXT},
        "at": {"atMobiles": ["13800000001"], "isAtAll": False},
    }


def test_the_signature_of_dingtalk_is_that_of_its_paper_s_steps() -> None:
    at = datetime.fromtimestamp(1577262236.757, UTC)
    url, _ = robots.dingtalk("t", "this is secret", [], lambda: at)._build("x")
    # openssl: printf '1577262236757\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    assert parse_qs(urlsplit(url).query)["sign"] == ["hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="]


@pytest.mark.parametrize("scheme", ["feishu", "lark"])
def test_feishu_gets_a_text_as_its_paper_says(server: Server, scheme: str) -> None:
    server.answer = {"code": 0, "data": {}, "msg": "success"}
    assert sent_to(example(scheme)) == Sent()
    ((path, body),) = server.heard
    assert path == "/open-apis/bot/v2/hook/tokenabc123"
    assert json.loads(body) == {"msg_type": "text", "content": {"text": TEXT}}


REFUSALS = [
    ("wecombot", {"errcode": 93000, "errmsg": "invalid webhook url"}, Sent(error="refused")),
    ("wecombot", {"errcode": 45009, "errmsg": "api freq out of limit"}, Sent(error="throttled", retry=True)),
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, Sent(error="refused")),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, Sent(error="throttled", retry=True)),
    ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, Sent(error="refused")),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, Sent(error="throttled", retry=True)),
    ("lark", {}, Sent(error="refused")),
]


@pytest.mark.parametrize(("scheme", "answer", "sent"), REFUSALS)
def test_a_robot_that_refuses_with_http_200_has_not_taken_the_page(
    server: Server, scheme: str, answer: dict[str, Any], sent: Sent
) -> None:
    server.answer = answer
    assert sent_to(example(scheme)) == sent


def test_a_robot_that_is_away_is_worth_another_try(server: Server) -> None:
    server.status = 502
    assert sent_to(example("wecombot")) == Sent(error="provider_down", retry=True)


def test_ntfy_gets_the_text(server: Server) -> None:
    server.answer = {"id": "x"}
    assert sent_to(f"ntfy://127.0.0.1:{server.server_port}/nuanhu-duty") == Sent()
    assert json.loads(server.heard[0][1]) == {"topic": "nuanhu-duty", "message": TEXT}
    server.status = 403
    assert sent_to(f"ntfy://127.0.0.1:{server.server_port}/nuanhu-duty") == Sent(error="not_taken", retry=True)


class Mailbox(socketserver.StreamRequestHandler):
    """Takes one e-mail over SMTP."""

    def handle(self) -> None:
        box: list[str] = self.server.box  # type: ignore[attr-defined]
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    text += part
                box.append(text.decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    box: list[str] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as running:
        running.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running.server_address[1], box
        running.shutdown()
        thread.join()


def test_e_mail_arrives() -> None:
    with mail_server() as (port, box):
        assert sent_to(f"mailto://127.0.0.1:{port}?from=desk@example.org&to=chief@example.org") == Sent()
    (mail,) = box
    assert "chief@example.org" in mail
    plain = message_from_string(mail).get_payload(0)
    assert plain.get_payload(decode=True).decode().strip() == TEXT  # type: ignore[union-attr]
    assert sent_to(f"mailto://127.0.0.1:{port}?from=desk@example.org&to=chief@example.org") == Sent(
        error="not_taken", retry=True
    )


def block(language: str) -> str:
    """The paper's first example in a language."""
    return PAPER.read_text(encoding="utf-8").split(f"```{language}\n", 1)[1].split("```", 1)[0]


def test_the_settings_in_the_paper_are_good_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "nuanhu.toml"
    file.write_text(block("toml"), encoding="utf-8")
    settings = read_settings(file)
    providers = [Provider(name, one, settings.area_code) for name, one in settings.providers.items()]
    Channels(settings.duty_phones, providers)
    assert [provider.name for provider in providers] == ["main", "second"]
    assert set(settings.page_pins) == {*settings.duty_phones, "responder:R1"}


def test_the_shape_in_the_paper_is_good_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(block("json"), encoding="utf-8")
    own = Provider("own", ProviderSettings(shape=str(file), url="https://sms.example.org"))
    assert own.order("sms") is not None
