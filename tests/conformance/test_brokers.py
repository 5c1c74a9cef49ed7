"""The checks of a broker: ours passes all, one with everything wrong is told what."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerting.casefile import Bridge
from gateway.broker import ChildBroker, bridge_user, gateway_user
from gateway.broker.mosquitto import MOSQUITTO
from gateway.broker.port import choose_port
from nuanhu.cli import main
from nuanhu.conformance.command import Asked, conformance
from nuanhu.conformance.findings import Findings, Verdict, table
from nuanhu.conformance.line import Account
from nuanhu.errors import UsageError
from tests.town.town_broker import Broker

PASSWORD = "for-tests-only"
HUB = Bridge(id="hub-07", adapter="nuanhu", prefix="nuanhu/1/hub-07")
MINE, GATEWAY = Account(HUB.id, PASSWORD), Account("gateway", PASSWORD)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChildBroker]:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    users = [bridge_user(HUB, PASSWORD), gateway_user(PASSWORD)]
    with ChildBroker(tmp_path_factory.mktemp("broker"), users, prefer="mosquitto") as broker:
        yield broker


def checked(port: int, **asked: object) -> Findings:
    return conformance(Asked(broker=f"127.0.0.1:{port}", quiet=True, **asked))  # type: ignore[arg-type]


def verdicts(found: Findings) -> dict[str, Verdict]:
    return {check.name: check.verdict for check in found.checks}


def test_our_own_broker_keeps_everything(ours: ChildBroker) -> None:
    found = checked(ours.port, bridge=MINE, gateway=GATEWAY)
    assert {name for name, verdict in verdicts(found).items() if verdict is not Verdict.OK} == set()
    assert found.ok == 13


def test_with_a_bridge_s_account_alone_the_rest_is_not_seen(ours: ChildBroker) -> None:
    found = checked(ours.port, bridge=MINE)
    assert found.failed == 0
    assert verdicts(found)["refuses what lies outside the prefix"] is Verdict.OK
    assert verdicts(found)["speaks the last will"] is Verdict.NOT_SEEN


def test_an_open_broker_is_told_what_it_lacks(tmp_path: Path) -> None:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(tmp_path)
    settings = tmp_path / "mosquitto.conf"
    settings.write_text(
        settings.read_text() + "max_packet_size 20000\nmax_queued_messages 10\nmax_inflight_messages 10\n"
    )
    broker.start()
    try:
        found = checked(broker.port, bridge=MINE)
    finally:
        broker.stop()
    failed = {name for name, verdict in verdicts(found).items() if verdict is Verdict.FAILED}
    assert failed == {
        "refuses whoever has no account",
        "refuses what lies outside the prefix",
        "refuses forged receipts",
        "keeps a session, its queue and the order",
        "takes bodies of 65536 bytes",
    }


def test_a_broker_without_retained_messages_fails_for_them(tmp_path: Path) -> None:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(tmp_path)
    settings = tmp_path / "mosquitto.conf"
    settings.write_text(settings.read_text() + "retain_available false\n")
    broker.start()
    try:
        found = checked(broker.port)
        assert main(["conformance", "--broker", f"mqtt://127.0.0.1:{broker.port}"]) == 1
    finally:
        broker.stop()
    assert verdicts(found)["keeps and marks retained messages"] is Verdict.FAILED
    assert verdicts(found)["speaks the last will"] is Verdict.FAILED
    assert verdicts(found)["refuses whoever has no account"] is Verdict.NOT_SEEN


def test_nobody_there_and_nobody_let_in_are_one_line(ours: ChildBroker) -> None:
    with pytest.raises(UsageError, match="cannot reach"):
        checked(choose_port("127.0.0.1"))
    with pytest.raises(UsageError, match="Not authorized"):
        checked(ours.port, bridge=Account("hub-07", "wrong"))


@pytest.mark.parametrize(
    "wrong",
    [{"prefix": "elsewhere/hub"}, {"prefix": "nuanhu/1/+"}, {"prefix": "nuanhu/1/a/b"}, {"device": "a b"}],
)
def test_arguments_that_make_no_sense_are_refused(ours: ChildBroker, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="--"):
        checked(ours.port, **wrong)


def test_the_command_says_it_in_json_and_by_its_exit_status(ours: ChildBroker) -> None:
    command = [sys.executable, "-m", "nuanhu", "conformance", "--broker", f"127.0.0.1:{ours.port}", "--json"]
    command += ["--username", HUB.id, "--password", PASSWORD]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(said.stdout.splitlines()[-1])
    assert said.returncode == 0
    assert report["failed"] == 0
    assert {"about", "name", "section", "verdict", "detail"} <= set(report["checks"][0])


def test_every_check_names_a_heading_of_the_papers(ours: ChildBroker) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    found = checked(ours.port, bridge=MINE, gateway=GATEWAY, for_s=0.5)
    assert "0 failed" in table(found)
    for check in found.checks:
        paper, _, anchor = check.section.partition("#")
        headings = [line.lstrip("# ").lower().replace(" ", "-") for line in (docs / paper).read_text().splitlines()]
        assert anchor in headings, check
