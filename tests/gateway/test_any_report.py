"""Whatever a provider, or somebody in its name, posts or answers: it is read or refused, and nothing else happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.notify.provider import Provider, ProviderSettings, read_answer
from gateway.notify.reports import ReportRefusedError, read_reports
from gateway.notify.shapes import ALIYUN, PLAIN, SHAPES, TENCENT
from gateway.notify.web import Reply
from gateway.paging.numbers import e164, is_dialable, normal
from gateway.paging.pages_out import place_of, reference_of

WORDS = ("out_id", "call_id", "biz_id", "status_code", "success", "dtmf", "sid", "callid", "keypress", "result")
NAMES = st.sampled_from((*WORDS, "report_status", "voicekey_callback", "voiceprompt_callback")) | st.text(max_size=5)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)
OFTEN = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROVIDERS = {
    shape: Provider("main", ProviderSettings(shape=shape, callback_secret="w")) for shape in ("aliyun", "tencent")
}


@pytest.mark.parametrize("shape", list(PROVIDERS))
@OFTEN
@given(told=ANYTHING)
def test_any_json_is_read_into_known_words(shape: str, told: Any) -> None:
    for report in read_reports(PROVIDERS[shape], "w", {}, json.dumps(told).encode()):
        assert report.what in {"delivered", "failed", "accepted", "declined"}
        assert report.reference or report.id
        assert len(report.detail) <= 40
        assert "|" not in report.detail


@OFTEN
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_reports(PROVIDERS["aliyun"], "w", {}, body)
    except ReportRefusedError as why:
        assert str(why) == "unreadable"  # noqa: PT017 - refusing is one of two good ends


@OFTEN
@given(status=st.integers(100, 599), told=ANYTHING)
def test_only_the_provider_s_own_word_makes_an_answer_taken(status: int, told: Any) -> None:
    for shape in (PLAIN, ALIYUN, TENCENT):
        for order in (shape.sms, shape.voice):
            assert order is not None
            sent = read_answer(order.answer, Reply(status, json.dumps(told).encode()))
            assert (sent.error is None) == bool(sent.id)
            assert sent.error is not None, "no such answer was drawn"


@OFTEN
@given(text=st.text(max_size=40) | st.from_regex(r"[+0-9() -]{0,20}", fullmatch=True))
def test_a_number_has_one_form(text: str) -> None:
    one = normal(text, "0510")
    assert normal(one, "0510") == one
    assert not one or one.removeprefix("+").isascii()
    assert not e164(text) or e164(text).startswith("+")
    assert is_dialable(one) or not 4 <= len(one) <= 17


@OFTEN
@given(place=st.tuples(*[st.integers(0, 10**12)] * 3), text=st.text(max_size=30))
def test_a_reference_names_one_place_or_none(place: tuple[int, int, int], text: str) -> None:
    assert place_of(reference_of(place)) == place
    found = place_of(text)
    assert found is None or len(found) == 3


def test_every_built_in_shape_is_there() -> None:
    assert set(SHAPES) == {"plain", *PROVIDERS}
