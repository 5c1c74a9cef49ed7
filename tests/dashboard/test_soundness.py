"""The page about the system says that all is well only when it is, people included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.duty.chain import CoverGap
from dashboard import words
from dashboard.i18n import load_languages
from dashboard.live import Console, scope_of
from dashboard.remedy_words import REMEDIES
from dashboard.soundness import BAD, GOOD, MIND, Seen, findings, headline, size
from dashboard.speech import Speech
from dashboard.times import LocalTime
from gateway.desk.vitals import CanaryState, Health, Kept, Machine
from tests.dashboard.visitor import Visitor, enrol

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
ZH = Speech(load_languages()["zh_CN"], LocalTime(8))
WELL = Health(
    started_at=NOW,
    now=NOW,
    broker_connected=True,
    broker="mosquitto",
    store="sqlite",
    messages=1,
    commits=1,
    writer_lag_s=0,
    loop_lag_s=0,
    queue_length=0,
    faults=(),
    canary=CanaryState(on=True, age_s=5, heartbeat=True),
)
MANNED = Seen(attending=1, here=1, faults=0)


def gap(since: datetime) -> CoverGap:
    return CoverGap(role="village", area="1.2.3", since=since, until=since + timedelta(hours=8))


def bad(health: Health, seen: Seen) -> list[str]:
    return [it.name for it in findings(health, seen, ZH) if it.how == BAD]


def mind(health: Health, seen: Seen) -> list[str]:
    return [it.name for it in findings(health, seen, ZH) if it.how == MIND]


def test_with_somebody_there_nothing_is_bad_and_the_missing_back_up_is_said() -> None:
    assert bad(WELL, MANNED) == []
    assert mind(WELL, MANNED) == ["备份"]
    assert headline(findings(WELL, MANNED, ZH), ZH) == "警情有人应答；以下事项需要处理"


@pytest.mark.parametrize("seen", [Seen(0, 0, 0), Seen(attending=0, here=2, faults=0)], ids=["nobody", "no sound"])
def test_without_an_operator_it_is_never_well(seen: Seen) -> None:
    assert bad(WELL, seen) == ["坐席在岗"]
    assert headline(findings(WELL, seen, ZH), ZH) == "有问题：来警可能无人应答"


def test_a_gap_in_cover_is_bad_now_and_to_be_minded_before() -> None:
    assert "值守覆盖" in mind(msgspec.structs.replace(WELL, gaps=(gap(NOW + timedelta(hours=9)),)), MANNED)
    assert bad(msgspec.structs.replace(WELL, gaps=(gap(NOW - timedelta(hours=1)),)), MANNED) == ["值守覆盖"]


def test_what_the_gateway_says_is_there_with_faults_heartbeat_and_pack() -> None:
    broken = msgspec.structs.replace(WELL, faults=("broker",), canary=CanaryState(), warnings=("continuity_off",))
    assert bad(broken, MANNED) == ["网关"]
    assert mind(broken, Seen(attending=1, here=1, faults=3)) == ["对外心跳", "应急名册", "备份", "住户设备"]
    found = findings(WELL, MANNED, ZH)
    assert [it.how for it in found] == sorted((it.how for it in found), key=(BAD, MIND, GOOD).index)


async def test_the_page_itself_asks_who_is_at_a_console(centre: Centre) -> None:
    site = centre.gateway.app.state.site
    admin = enrol(centre, "admin2", Role.ADMINISTRATOR)
    visitor = Visitor(centre)
    visitor.enter(admin)
    await visitor.go("/health")
    assert "无人在值班台" in visitor.page
    assert "一切正常" not in visitor.page
    operator = enrol(centre, "wang", Role.OPERATOR)
    console = Console(scope_of(operator, "zh_CN"), operator, NOW)
    site.hub._consoles.add(console)
    await visitor.go("/health")
    assert "1 人已连接，但无人在岗" in visitor.page
    console.attended = True
    await visitor.go("/health")
    assert "1 人在岗" in visitor.page


ROOMY = Machine(
    free_bytes=400_000_000_000,
    total_bytes=500_000_000_000,
    store_bytes=50_000_000,
    commit_s=0.004,
    kept=(Kept(name="snapshot", age_s=1200, size_bytes=80_000),),
    versions={"python": "3"},
)


def of(machine: Machine) -> Health:
    return msgspec.structs.replace(
        WELL, machine=machine, backup=Kept(name="backup", age_s=9 * 3600, size_bytes=40_000_000)
    )


def test_a_disk_that_is_soon_full_is_said_before_nothing_is_recorded_and_with_what_to_do() -> None:
    assert mind(of(ROOMY), MANNED) == []
    little = msgspec.structs.replace(ROOMY, free_bytes=30_000_000_000)
    assert "磁盘空间" in mind(of(little), MANNED)
    full = msgspec.structs.replace(ROOMY, free_bytes=200_000_000)
    assert bad(of(full), MANNED) == ["磁盘空间"]
    (found,) = [it for it in findings(of(full), MANNED, ZH) if it.how == BAD]
    assert "腾出空间" in found.remedy


def test_a_snapshot_that_is_old_or_missing_is_said() -> None:
    old = msgspec.structs.replace(ROOMY, kept=(Kept(name="snapshot", age_s=3 * 3600, size_bytes=80_000),))
    for machine in (old, msgspec.structs.replace(ROOMY, kept=())):
        assert "数据库之外的登记快照" in mind(of(machine), MANNED)


@pytest.mark.parametrize(
    ("age_h", "warning", "said"),
    [
        (27, "", "27 小时前"),
        (None, "", "尚无"),
        (9, "backup_failed", "未能写入"),
        (None, "backup_off", "尚未设置"),
    ],
)
def test_a_back_up_that_is_old_missing_failed_or_not_set_up_is_said_with_what_to_do(
    age_h: int | None, warning: str, said: str
) -> None:
    backup = None if age_h is None else Kept(name="backup", age_s=age_h * 3600, size_bytes=40_000_000)
    health = msgspec.structs.replace(of(ROOMY), backup=backup, warnings=(warning,) if warning else ())
    (found,) = [it for it in findings(health, MANNED, ZH) if it.how != GOOD]
    assert found.name == "备份"
    assert said in found.text
    assert found.remedy


def test_everything_that_can_be_wrong_has_what_to_do_about_it() -> None:
    assert words.WRONGS.keys() | words.WARNINGS.keys() == REMEDIES.keys()
    health = msgspec.structs.replace(WELL, faults=("broker",), warnings=("provider",))
    assert all(it.remedy for it in findings(health, MANNED, ZH) if it.how != GOOD)


@pytest.mark.parametrize(("n", "told"), [(0, "0 B"), (1500, "2 KB"), (50_000_000, "50.0 MB"), (4e12, "4.0 TB")])
def test_sizes_are_told_in_the_unit_that_fits(n: float, told: str) -> None:
    assert size(int(n)) == told


async def test_the_page_shows_the_machine_and_outsiders_do_not_see_it(centre: Centre) -> None:
    visitor = Visitor(centre)
    visitor.enter(enrol(centre, "guanli", Role.ADMINISTRATOR))
    await centre.press(centre.home())
    page = await visitor.go("/health")
    shown = page.split('id="machine"')[1].split("</section>")[0]
    assert " ms" in shown
    assert "python" in shown
    told = await Visitor(centre).go("/healthz")
    assert "sqlite" not in told.replace('"store":"sqlite"', "")
