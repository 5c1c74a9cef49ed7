"""InfluxDB's answers, as recorded: none of them loses a point, none of them stops what need not stop."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from followed import MORNING, Followed
from recorded import (
    NO_BUCKET,
    TOO_LARGE,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    YES,
    Answer,
    Recorded,
    cannot_parse,
    conflict,
)

from device_adapters.signals import Alarm, Fault, Motion
from gateway.telemetry import influx as influx_file
from gateway.telemetry.influx import Influx, NotTakenError
from gateway.telemetry.stream import SideStream

HOMES = 40


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    server = Recorded()
    yield server
    server.close()


def influx(server: Recorded) -> Influx:
    return Influx(server.url, "centre", "nuanhu", "secret-token")


def some(followed: Followed) -> None:
    """One movement in each home."""
    for number in range(HOMES):
        signal = Motion(state="detected", bridge="b1", arrived_at=followed.clock.now())
        followed.hear(f"a-{number:03}", f"d{number}", signal)
    followed.commit()


def carried(followed: Followed, server: Recorded) -> SideStream:
    stream = followed.stream(influx(server))
    followed.until_carried(stream)
    return stream


def test_a_request_is_what_influxdb_expects(followed: Followed, recorded: Recorded) -> None:
    some(followed)
    carried(followed, recorded)
    assert recorded.requests == [("Token secret-token", "centre", "nuanhu", "ns", HOMES)]
    assert len(recorded.points) == HOMES
    series, time_ns = next(iter(recorded.points))
    assert series.startswith("motion,bridge=b1,device=d")
    assert int(time_ns) // 1000 == int(MORNING.timestamp()) * 1_000_000


def test_two_signals_of_one_moment_stay_two(followed: Followed, recorded: Recorded) -> None:
    common = {"bridge": "b1", "arrived_at": MORNING}
    followed.hear("a-1", "d1", Motion(state="detected", **common), Motion(state="clear", **common))
    followed.hear("a-1", "d1", Motion(state="detected", **common))
    followed.hear("a-1", "d1", Alarm(alarm_type="smoke", **common))
    followed.hear("a-1", "d1", Alarm(alarm_type="gas", **common))
    followed.commit()
    carried(followed, recorded)
    assert sorted(p["active"] for p in recorded.points.values()) == ["0", "1", "1", "1", "1"]
    assert {p["alarm_type"] for p in recorded.points.values() if "alarm_type" in p} == {'"smoke"', '"gas"'}


def test_words_of_a_device_cannot_break_a_line(followed: Followed, recorded: Recorded) -> None:
    words = 'quote " backslash \\ comma , equals = \n motion active=1 1\\'
    followed.hear("a 1,x=y", "d=1", Fault(code=words, bridge="b 1", arrived_at=MORNING))
    followed.commit()
    carried(followed, recorded)
    (((series, _), fields),) = recorded.points.items()
    assert series == "fault,bridge=b\\ 1,device=d\\=1,household=a\\ 1\\,x\\=y,room=room-1"
    assert fields == {"code": '"quote \\" backslash \\\\ comma , equals =   motion active=1 1\\\\"', "heard": "1"}


def test_repeats_change_nothing(followed: Followed, recorded: Recorded) -> None:
    some(followed)
    carried(followed, recorded)
    before = {place: dict(fields) for place, fields in recorded.points.items()}
    again = carried(followed, recorded)  # the first one's cursor has not settled yet
    assert again.state().written == HOMES
    assert recorded.points == before


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (UNAUTHORIZED, ["telemetry_refused"]),
        (NO_BUCKET, ["telemetry_refused"]),
        (TOO_MANY, []),
        (UNAVAILABLE, []),
        (cannot_parse("whatever it is"), ["telemetry_refused"]),  # every point and the marker: not the points' fault
    ],
    ids=["401", "404", "429", "503", "400"],
)
def test_a_no_loses_nothing(followed: Followed, recorded: Recorded, answer: Answer, words: list[str]) -> None:
    recorded.judge = lambda _lines: answer
    some(followed)
    stream = followed.stream(influx(recorded))
    followed.until(lambda: stream.turns > 3, "some attempts")
    assert stream.faults() == words
    assert stream.state().error.startswith(f"HTTP {answer[0]} ")
    assert (stream.state().waiting, stream.state().refused) == (HOMES, 0)
    recorded.judge = lambda _lines: YES
    followed.until_carried(stream)
    assert len(recorded.points) == HOMES
    assert stream.faults() == []


def test_one_point_the_store_will_not_have_is_set_aside(
    followed: Followed, recorded: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    recorded.judge = lambda lines: conflict("motion") if any(",household=a-007," in line for line in lines) else YES
    some(followed)
    with caplog.at_level(logging.WARNING):
        stream = carried(followed, recorded)
    assert stream.state().refused == 1
    motions = [series for series, _ in recorded.points if series.startswith("motion,")]
    assert len(motions) == HOMES - 1
    (marker,) = [fields for (series, _), fields in recorded.points.items() if series == "telemetry_refused"]
    assert set(marker) == {"partition", "seq"}
    assert "refuses a point" in caplog.text
    assert "a-007" not in caplog.text


def test_too_large_a_request_is_halved(followed: Followed, recorded: Recorded) -> None:
    recorded.judge = lambda lines: TOO_LARGE if len(lines) > 7 else YES
    some(followed)
    stream = carried(followed, recorded)
    assert (len(recorded.points), stream.state().refused) == (HOMES, 0)


def test_it_waits_as_long_as_it_is_asked_to(followed: Followed, recorded: Recorded) -> None:
    recorded.judge = lambda _lines: TOO_MANY
    some(followed)
    stream = followed.stream(influx(recorded))
    for _ in range(300):  # time stands still: nothing wakes the stream
        if stream.state().error:
            break
        time.sleep(0.01)
    time.sleep(1.4)
    assert len(recorded.requests) == 1  # of itself it would have come again after a second
    recorded.judge = lambda _lines: YES
    for _ in range(300):
        if len(recorded.points) == HOMES:
            break
        time.sleep(0.01)
    assert len(recorded.points) == HOMES


def test_a_store_that_does_not_answer_gets_less_at_a_time(
    followed: Followed, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influx_file, "TIMEOUT_S", 0.2)

    def slow(lines: list[str]) -> Answer:
        time.sleep(0.4 if len(lines) > 300 else 0)
        return YES

    recorded.judge = slow
    for _ in range(20):
        some(followed)
        followed.clock.advance(timedelta(seconds=1))
    stream = followed.stream(influx(recorded))
    followed.until(lambda: stream.state().error == "no answer within 0.2 s", "the time to be up")
    followed.until_carried(stream)
    assert len(recorded.points) == 20 * HOMES


def test_nobody_listens() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        target = Influx(f"http://127.0.0.1:{sock.getsockname()[1]}", "centre", "nuanhu", "secret-token")
        target.open()
        with pytest.raises(NotTakenError, match="cannot be reached") as failure:
            target.write(["motion active=1 1"])
    assert failure.value.gone
    assert "secret" not in str(failure.value)


def test_without_the_package_it_is_a_fault(followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "influxdb_client.client.influxdb_client", None)
    some(followed)
    stream = followed.stream(Influx("http://127.0.0.1:1", "centre", "nuanhu", "x"))
    followed.until(stream.faults, "the fault")
    assert stream.state().error == "the package influxdb-client is not installed"
    assert stream.faults() == ["telemetry_refused"]
