"""The channels to duty telephones: a real one over HTTP, the recording one, and what is said when one fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.notify import ChannelError, Channels, Outgoing, Sent


class Receiver(HTTPServer):
    """What stands at the other end of Apprise's ``json://``. Answers with ``status``."""

    status = 200

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), Answer)
        self.heard: list[dict[str, str]] = []


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on the screen of the tests."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def channels(**phones: str) -> Channels:
    return Channels({name: SecretStr(address) for name, address in phones.items()})


def send(by: Channels, to: str, text: str) -> Sent:
    return by.send(Outgoing(recipient=to, text=text))


def test_apprise_carries_the_text_as_it_is(receiver: Receiver) -> None:
    at_home = channels(duty=f"json://127.0.0.1:{receiver.server_port}/")
    assert send(at_home, "duty", "【暖护】P1 紧急\n第二行 & <b>") == Sent()
    assert receiver.heard[0]["message"] == "【暖护】P1 紧急\n第二行 & <b>"


def test_a_channel_that_does_not_take_it_is_worth_another_try(receiver: Receiver) -> None:
    receiver.status = 500
    assert send(channels(duty=f"json://127.0.0.1:{receiver.server_port}/"), "duty", "x") == Sent(
        error="not_taken", retry=True
    )


def test_a_channel_that_nobody_answers_is_worth_another_try() -> None:
    assert send(channels(duty="json://127.0.0.1:9/"), "duty", "x") == Sent(error="not_taken", retry=True)


def test_the_recording_channel_appends_lines_of_json(tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    recording = channels(duty=f"record://{file}")
    assert send(recording, "duty", "一\n二") == Sent()
    assert send(recording, "duty", "三") == Sent()
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"to": "duty", "text": "一\n二"},
        {"to": "duty", "text": "三"},
    ]


def test_a_recording_that_cannot_be_written_fails_and_does_not_raise(tmp_path: Path) -> None:
    assert send(channels(duty=f"record://{tmp_path}/nowhere/pages.jsonl"), "duty", "x") == Sent(
        error="failed", retry=True
    )


def test_an_unknown_telephone_is_not_worth_another_try() -> None:
    assert send(channels(), "duty", "x") == Sent(error="no_telephone")


def test_a_wrong_address_is_known_at_the_start_and_never_shown() -> None:
    with pytest.raises(ChannelError) as wrong:
        channels(duty="nonsense://user:geheim@host")
    assert "duty" in str(wrong.value)
    assert "geheim" not in str(wrong.value)


def test_a_person_is_recorded_by_name_with_the_channel(tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    page = Outgoing(recipient="responder:r1", name="周某", channel="push", address=f"record://{file}", text="一")
    assert channels().send(page) == Sent()
    assert json.loads(file.read_text()) == {"to": "周某", "text": "一", "channel": "push"}


def test_an_address_of_a_person_that_nobody_understands_is_not_worth_another_try() -> None:
    for channel, address in (("push", "nonsense://x"), ("sms", "13800000001"), ("voice", ""), ("push", "13800000001")):
        page = Outgoing(recipient="responder:r1", channel=channel, address=address, text="x")
        assert channels().send(page) == Sent(error="no_telephone"), (channel, address)
