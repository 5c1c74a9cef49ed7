"""``nuanhu import``: homes from a list, checked row by row and then registered, all of them or none.

A running gateway is asked by its own address; without one its store is written here (see ``nuanhu provision``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from alerting.intake.check import Check, Rejection, Standing
from alerting.intake.datum import BD09, GCJ02, WGS84
from nuanhu.errors import NOT_RECORDED, UsageError
from nuanhu.printing import print_json

if TYPE_CHECKING:
    from dashboard.sheet import Sheet

BAR = 30


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a list.

    Attributes:
        imported: Homes that were registered or changed, and that the store has.
        recorded: Whether the store has what was asked; false: it holds in memory only, and is gone with the gateway.
        rejected: Every flaw.
    """

    file: str
    rows: int
    new: int
    changed: int
    unchanged: int
    imported: int
    recorded: bool
    dry_run: bool
    rejected: list[Rejection]
    ignored_columns: list[str]
    lowers_safety: list[str]


def add_import(commands: Any) -> None:
    """The command."""
    importing = commands.add_parser("import", help="case files from an Excel or CSV list, all of it or nothing")
    importing.add_argument("file", type=Path, metavar="FILE", help=".xlsx or .csv (UTF-8, GBK); headings as on /import")
    importing.add_argument("--dry-run", action="store_true", help="check every row and register nothing")
    importing.add_argument("--partial", action="store_true", help="register the good rows although others are refused")
    importing.add_argument("--refuse-existing", action="store_true", help="refuse case numbers that are there already")
    importing.add_argument("--lowering", action="store_true", help="what lowers safety in the list is meant")
    importing.add_argument("--datum", choices=(WGS84, GCJ02, BD09), help="of positions whose row does not say theirs")
    importing.add_argument("--settings", type=Path, metavar="FILE", help="settings file (nuanhu.toml)")
    importing.set_defaults(run=_import)


def _import(asked: argparse.Namespace) -> int:
    report = import_homes(asked, _bar if sys.stderr.isatty() and not asked.json else lambda _done, _all: None)
    if asked.json:
        print_json(report)
    else:
        _show(report)
    if not report.recorded:
        return NOT_RECORDED
    return 1 if report.rejected or (report.lowers_safety and not report.imported and not report.dry_run) else 0


def import_homes(asked: argparse.Namespace, progress: Callable[[int, int], None]) -> ImportReport:
    """Read, check and, unless it is a dry run, register.

    Raises:
        UsageError: The file or the store cannot be read, or the gateway refuses.
    """
    from alerting.enrolment.commands import ImportHouseholds  # noqa: PLC0415 - each command loads what it needs
    from alerting.intake.columns import IGNORED, heading_row, recognised  # noqa: PLC0415
    from alerting.intake.ground import Ground  # noqa: PLC0415
    from gateway.clock import SystemClock  # noqa: PLC0415
    from gateway.registry.sealing import Sealing  # noqa: PLC0415
    from nuanhu.provision import Provisioning  # noqa: PLC0415
    from nuanhu.run import settings_from  # noqa: PLC0415

    sheet = _sheet(asked.file)
    settings = settings_from(asked.settings)
    installation = Provisioning(settings)
    registry = installation.registry()
    at = heading_row([cells for _, cells in sheet.rows])
    headings, rows = sheet.rows[at][1], sheet.rows[at + 1 :]
    fields = recognised(headings)
    if "key" not in fields:
        raise UsageError(f"{asked.file}: no column of case numbers (档案号)")
    if not asked.datum and "lat" in fields and "datum" not in fields:
        raise UsageError(f"{asked.file}: positions from which map? Say --datum (GCJ-02: Amap, Tencent; BD-09: Baidu)")
    check = Check(
        Ground(
            areas={it.key: it for it in registry.areas},
            responders={it.id: it for it in registry.responders},
            households={it.key: it for it in registry.households},
            within="",
            year=SystemClock().now().year,
            updates=not asked.refuse_existing,
            datum=asked.datum or WGS84,
            seal=Sealing(settings.data).seal_text,
        )
    )
    for n, (number, cells) in enumerate(rows, 1):
        row = {field: text for field, text in zip(fields, cells, strict=False) if field != IGNORED}
        check.read(number, row, sheet.merged.get(number, ""))
        progress(n, len(rows))
    recorded = True
    may = not asked.dry_run and (asked.partial or not check.rejections) and (asked.lowering or not check.needs_yes)
    if may and check.homes:
        command = ImportHouseholds(homes=tuple(check.homes), note=asked.file.name)
        recorded = installation.ask(command).recorded
    ignored = [heading for heading, field in zip(headings, fields, strict=True) if field == IGNORED and heading]
    imported = len(check.homes) if may and recorded else 0
    return _report(check, asked, imported, ignored, recorded=recorded)


def _sheet(file: Path) -> Sheet:
    from dashboard.sheet import SheetError, read_sheet  # noqa: PLC0415 - as above

    try:
        return read_sheet(file.read_bytes())
    except SheetError as wrong:
        raise UsageError(f"{file}: {wrong}") from wrong
    except OSError as failure:
        raise UsageError(f"{file}: {failure.strerror}") from failure


def _report(
    check: Check, asked: argparse.Namespace, imported: int, ignored: list[str], *, recorded: bool
) -> ImportReport:
    return ImportReport(
        file=asked.file.name,
        rows=sum(check.counts.values()),
        new=check.counts[Standing.NEW],
        changed=check.counts[Standing.CHANGED],
        unchanged=check.counts[Standing.UNCHANGED],
        imported=imported,
        recorded=recorded,
        dry_run=asked.dry_run,
        rejected=check.rejections,
        ignored_columns=ignored,
        lowers_safety=[f"{it.row} {it.key}: {field} {word}" for it in check.looked for field, word in it.looks],
    )


def _bar(done: int, of: int) -> None:
    """On a terminal, so that people see it go on."""
    if done % 50 == 0 or done == of:
        part = round(done / of * BAR)
        print(f"\r  {'█' * part:<{BAR}} {done}/{of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _show(report: ImportReport) -> None:
    """A table for people."""
    for it in report.rejected:
        print(f"row {it.row:>6}  {it.key:<20} {it.field:<24} {it.word:<18} {it.said}".rstrip())
    if report.ignored_columns:
        print(f"not imported: {', '.join(report.ignored_columns)}")
    for line in report.lowers_safety:
        print(f"lowers safety: row {line}")
    print(f"{report.rows} rows: {report.new} new, {report.changed} changed, {report.unchanged} as they were, ", end="")
    print(f"{len({it.row for it in report.rejected})} refused")
    if not report.recorded:
        print("NOT RECORDED: the gateway took the list, but its store does not answer or is full. It counts in memory")
        print("only. Look at the store, then give the same list in again: what is there by then stays.")
    elif report.imported:
        print(f"registered: {report.imported}")
    elif report.lowers_safety and not report.rejected and not report.dry_run:
        print("nothing was registered: look at what lowers safety, then --lowering")
    else:
        print("nothing was registered")
