"""Providers of messages and calls: three makes over real sockets, one described in a file, and their answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import SecretStr, ValidationError

from gateway.notify import ChannelError, Channels, Outgoing, Sent
from gateway.notify.provider import Provider, ProviderSettings, read_answer
from gateway.notify.reports import Report, ReportRefusedError, read_reports
from gateway.notify.shapes import SHAPES, Reading, read_shape
from gateway.notify.signatures import body_mac
from gateway.notify.web import NoReplyError, Reply, post
from nuanhu.town.carrier import Carrier, Manner

MAKES = tuple(SHAPES)
NUMBER = "13800000001"
PAGE = Outgoing(recipient="duty", text="一号警情", reference="7.8.9", words={"kind": "紧急按钮", "incident": "WX1-2"})


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    running = Carrier("account", "secret")
    running.start()
    yield running
    running.stop()


def provider(carrier: Carrier, shape: str, **more: Any) -> Provider:
    common: dict[str, Any] = {"shape": shape, "url": carrier.url, "key": "account", "secret": "secret"}
    common |= {"sms_template": "SMS_1", "voice_template": "TTS_1", "app": "1400", "signature": "暖护"}
    params = {"params": {"kind": "{kind}", "code": "{incident}"}} if shape != "plain" else {}
    return Provider("main", ProviderSettings(**{**common, **params, **more}))


@pytest.mark.parametrize("shape", MAKES)
@pytest.mark.parametrize("kind", ["sms", "voice"])
def test_an_order_of_each_make_is_signed_taken_and_says_what_it_should(carrier: Carrier, shape: str, kind: Any) -> None:
    sent = provider(carrier, shape).send(PAGE, kind, "+86 138-0000-0001")
    (item,) = carrier.kept(kind)
    assert sent == Sent(carrier="main", id=item.id)
    assert item.order.number == NUMBER
    assert item.order.make == shape
    assert item.order.reference == ("" if shape == "tencent" else "7.8.9")
    assert item.order.text == ("一号警情" if shape == "plain" else "紧急按钮 WX1-2")
    assert item.order.template == ("SMS_1" if kind == "sms" else "TTS_1")


@pytest.mark.parametrize("shape", MAKES)
def test_a_wrong_secret_is_refused_for_good(carrier: Carrier, shape: str) -> None:
    assert provider(carrier, shape, secret="wrong").send(PAGE, "sms", NUMBER) == Sent(error="refused", carrier="main")
    assert carrier.items == []


MOODS = [
    ("refuses", Sent(error="refused", carrier="main")),
    ("throttles", Sent(error="throttled", retry=True, carrier="main")),
    ("broken", Sent(error="provider_down", retry=True, carrier="main")),
    ("mumbles", Sent(error="provider_down", retry=True, carrier="main")),
    ("slow", Sent(error="provider_silent", retry=True)),
]


@pytest.mark.parametrize("shape", MAKES)
@pytest.mark.parametrize(("mood", "sent"), MOODS)
def test_what_a_provider_does_is_taken_later_or_never(carrier: Carrier, shape: str, mood: Any, sent: Sent) -> None:
    carrier.mood = mood
    waits = {"timeout_s": 0.5} if mood == "slow" else {}
    assert provider(carrier, shape, **waits).send(PAGE, "sms", NUMBER) == sent


def test_a_provider_that_nobody_answers_for_is_worth_another_try(carrier: Carrier) -> None:
    main = provider(carrier, "plain")
    carrier.go_down()
    assert main.send(PAGE, "sms", NUMBER) == Sent(error="provider_down", retry=True)


@pytest.mark.parametrize("number", ["", "120", "110", "abc", "1"])
def test_what_is_no_telephone_is_not_ordered(carrier: Carrier, number: str) -> None:
    assert provider(carrier, "plain").send(PAGE, "voice", number) == Sent(error="bad_number")
    assert carrier.orders == 0


FATES: list[tuple[Manner, str, list[Report]]] = [
    (
        "presses_1",
        "voice",
        [Report(reference="", id="", what="delivered"), Report(reference="", id="", what="accepted", detail="key")],
    ),
    (
        "presses_2",
        "voice",
        [Report(reference="", id="", what="delivered"), Report(reference="", id="", what="declined", detail="key")],
    ),
    ("answers", "voice", [Report(reference="", id="", what="delivered")]),
    ("ignores", "voice", [Report(reference="", id="", what="failed", detail="no_answer")]),
    ("answers", "sms", [Report(reference="", id="", what="delivered")]),
]


@pytest.mark.parametrize("shape", MAKES)
@pytest.mark.parametrize(("manner", "kind", "expected"), FATES)
def test_the_reports_of_each_make_mean_the_same(
    carrier: Carrier, shape: str, manner: Manner, kind: Any, expected: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    main = provider(carrier, shape, callback_secret="word")
    heard: list[Report] = []

    def take(body: bytes, headers: dict[str, str]) -> Reply:
        heard.extend(read_reports(main, "word", {k.lower(): v for k, v in headers.items()}, body))
        return Reply(200, b"{}")

    carrier.report_to, carrier.report_secret = "here", "word"
    monkeypatch.setattr(carrier, "_posted", take)
    carrier.phones[NUMBER] = manner
    main.send(PAGE, kind, NUMBER)
    carrier.stop()
    told = {(r.what, r.detail) for r in heard}
    assert told == {(r.what, r.detail) for r in expected}
    (item,) = carrier.items
    assert {r.id for r in heard} <= {item.id, ""}
    assert {r.reference for r in heard} == ({""} if shape == "tencent" else {"7.8.9"})


def test_reports_as_the_providers_print_them_in_their_papers() -> None:
    aliyun = Provider("a", ProviderSettings(shape="aliyun", callback_secret="w"))
    text = [{"phone_number": "13811110000", "send_time": "2017-01-01 00:00:00", "report_time": "2017-01-01 00:00:00"}]
    text[0] |= {"success": True, "err_code": "DELIVERED", "err_msg": "用户接收成功", "sms_size": "1"}  # type: ignore[dict-item]
    text[0] |= {"biz_id": "12345", "out_id": "67890"}
    assert read_reports(aliyun, "w", {}, msgspec.json.encode(text)) == [
        Report(reference="67890", id="12345", what="delivered")
    ]
    key = [
        {"status_code": "300000", "smart_status_code": "ANSWERED", "dtmf": "1", "status_time": "2023-03-06 16:21:12"}
    ]
    key[0] |= {"out_id": "42", "call_id": "1^2"}
    assert read_reports(aliyun, "w", {}, msgspec.json.encode(key)) == [
        Report(reference="42", id="1^2", what="accepted", detail="key")
    ]
    tencent = Provider("t", ProviderSettings(shape="tencent", callback_secret="w"))
    status = [{"user_receive_time": "2015-10-17 08:03:04", "nationcode": "86", "mobile": "13800000000"}]
    status[0] |= {"report_status": "SUCCESS", "errmsg": "DELIVRD", "description": "用户短信送达成功", "sid": "9"}
    assert read_reports(tencent, "w", {}, msgspec.json.encode(status)) == [
        Report(reference="", id="9", what="delivered")
    ]
    pressed = {
        "voicekey_callback": {"call_from": "", "callid": "8", "keypress": "2", "mobile": "1", "nationcode": "86"}
    }
    assert read_reports(tencent, "w", {}, msgspec.json.encode(pressed)) == [
        Report(reference="", id="8", what="declined", detail="key")
    ]


@pytest.mark.parametrize(
    ("secret", "word", "why"), [("", "", "off"), ("right", "wrong", "forged"), ("right", "", "forged")]
)
def test_a_report_without_the_secret_word_is_refused(secret: str, word: str, why: str) -> None:
    aliyun = Provider("a", ProviderSettings(shape="aliyun", callback_secret=secret))
    with pytest.raises(ReportRefusedError, match=why):
        read_reports(aliyun, word, {}, b"[]")


def test_a_signed_report_that_is_old_is_refused() -> None:
    plain = Provider("p", ProviderSettings(url="http://127.0.0.1:9", callback_secret="w"))
    headers = {"x-timestamp": "1700000000", "x-signature": body_mac("w", "1700000000", b"[]")}
    at = datetime.fromtimestamp(1700000000, UTC)
    assert read_reports(plain, "x", headers, b"[]", lambda: at) == []
    with pytest.raises(ReportRefusedError, match="stale"):
        read_reports(plain, "x", headers, b"[]")


def test_a_provider_described_in_a_file_needs_no_code(tmp_path: Path, carrier: Carrier) -> None:
    shape = {
        "sms": {
            "url": "/sms",
            "encoding": "form",
            "body": {
                "appId": "{key}",
                "mobile": "{number}",
                "content": "【{signature}】{text}",
                "time": "{timestamp_s}",
            },
            "signing": {"how": "digest", "algorithm": "sha256", "text": "{key}{secret}{timestamp_s}", "into": "sign"},
            "answer": {"code": ["code"], "taken": ["200"], "retry": ["5"], "id": "data.callId"},
        },
        "reports": {"reference": ["ref"], "status": ["state"], "delivered": ["0"], "answer": {"ok": True}},
    }
    file = tmp_path / "small.json"
    file.write_text(json.dumps(shape))
    small = Provider(
        "small",
        ProviderSettings(shape=str(file), url=carrier.url, key="k", secret="s", signature="暖护", callback_secret="w"),
    )
    order = small.order("sms")
    assert order is not None
    assert small.order("voice") is None
    assert small.send(PAGE, "voice", NUMBER) == Sent(error="not_carried")
    assert read_answer(order.answer, Reply(200, b'{"code": 200, "data": {"callId": "7"}}')) == Sent(id="7")
    assert read_answer(order.answer, Reply(200, b'{"code": 200}')) == Sent(error="refused")
    assert read_answer(order.answer, Reply(200, b'{"code": 500}')) == Sent(error="throttled", retry=True)
    assert read_reports(small, "w", {}, b'{"ref": "1.2.3", "state": 0}')[0].what == "delivered"
    url, body, _ = small._built(order, PAGE, NUMBER, "sms")
    assert url == f"{carrier.url}/sms"
    assert b"content=%E3%80%90%E6%9A%96%E6%8A%A4%E3%80%91%E4%B8%80%E5%8F%B7%E8%AD%A6%E6%83%85" in body


@pytest.mark.parametrize("text", ["{", '{"sms": {"url": "/x"}}', '{"unknown": 1}', '{"reports": {"signed": "rot13"}}'])
def test_a_shape_that_is_not_understood_is_known_at_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    with pytest.raises(ChannelError, match="shape"):
        read_shape(str(file))


def test_a_place_that_nothing_fills_is_known_at_the_start() -> None:
    settings = ProviderSettings(url="http://127.0.0.1:9", params={"x": "{health}"})
    with pytest.raises(ChannelError, match="health"):
        Provider("main", settings)
    with pytest.raises(ChannelError, match="url"):
        Provider("main", ProviderSettings())


@pytest.mark.parametrize("url", ["http://sms.example.org", "ftp://sms.example.org", "sms.example.org", "file:///etc/x"])
def test_orders_travel_encrypted(url: str) -> None:
    with pytest.raises(ValidationError):
        ProviderSettings(url=url)
    assert ProviderSettings(url="https://sms.example.org/").url == "https://sms.example.org"


def test_an_address_that_names_no_provider_is_known_at_the_start(carrier: Carrier) -> None:
    main = provider(carrier, "plain", carries=("sms",))
    for address in ("sms://other/1", "sms:///", "voice://main/13800000001", "voice:///13800000001", "sms://main/"):
        with pytest.raises(ChannelError, match="duty"):
            Channels({"duty": SecretStr(address)}, [main])
    Channels({"duty": SecretStr("sms:///13800000001")}, [main])


class Trickle:
    """A server that begins an answer and goes on with a byte now and then, for ever."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        line, _ = self._socket.accept()
        try:
            line.sendall(b"HTTP/1.1 200 OK\r\n")
            while not self._end.wait(0.05):
                line.sendall(b"X")
        except OSError:
            pass
        finally:
            line.close()

    def close(self) -> None:
        self._end.set()
        self._socket.close()
        self._thread.join(timeout=10)


def test_an_answer_that_trickles_in_is_cut_off() -> None:
    server = Trickle()
    with pytest.raises(NoReplyError, match="no_answer"):
        post(server.url, b"{}", {}, 0.3)
    server.close()


def test_a_deep_answer_is_no_answer() -> None:
    reading = Reading(code=("code",), taken=("ok",))
    assert read_answer(reading, Reply(200, b"[" * 60_000)) == Sent(error="provider_down", retry=True)
