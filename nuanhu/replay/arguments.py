"""The arguments of ``nuanhu replay``."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from nuanhu.errors import UsageError
from nuanhu.printing import print_json

EXAMPLE = """for example:
  nuanhu replay --from 2026-11-01 --to 2026-11-02              same policy: are the decisions the same?
  nuanhu replay --from 2026-11-01 --to 2026-11-29 --policy new.toml   what would have differed?
  nuanhu replay --data var/demo/300-1 --from 2026-11-01 --to 2026-11-02   the town of a demo, with its own settings"""

OWN = "nuanhu.toml"
DEMOS = Path("var/demo")


def add_replay(commands: Any) -> None:
    """``nuanhu replay``."""
    replay = commands.add_parser(
        "replay",
        help="the journal again through the rules: same decisions? or, with another policy, what would have differed",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    replay.add_argument("--from", dest="since", required=True, metavar="T", help="RFC 3339 or a day, local time")
    replay.add_argument("--to", dest="until", required=True, metavar="T", help="up to here")
    replay.add_argument("--policy", type=Path, metavar="FILE", help="settings file (nuanhu.toml) with another policy")
    replay.add_argument("--settings", type=Path, metavar="FILE", help="settings of the installation (nuanhu.toml)")
    replay.add_argument("--data", type=Path, metavar="FOLDER", help="folder with its own nuanhu.toml, as a demo's")
    replay.set_defaults(run=_replay)


def _replay(asked: argparse.Namespace) -> int:
    from nuanhu.replay.command import replay  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.replay.table import show  # noqa: PLC0415

    settings = _settings_file(asked)
    report = replay(asked.since, asked.until, asked.policy, settings, quiet=asked.json)
    print_json(report) if asked.json else print(show(report), end="")
    return 0 if report.good else 1


def _settings_file(asked: argparse.Namespace) -> Path | None:
    """The settings file that was named, or lies in the folder; of the only demo when nothing else is here."""
    if asked.data is not None:
        if asked.settings is not None:
            raise UsageError("--data has settings of its own: leave out --settings")
        file: Path = asked.data / OWN
        if not file.is_file():
            raise UsageError(f"there is no {file}: --data is the folder of a demo that was started with this version")
        return file
    if asked.settings is not None or Path(OWN).is_file() or os.environ.get("NUANHU_DATA"):
        named: Path | None = asked.settings
        return named
    demos = sorted(DEMOS.glob(f"*/{OWN}"))
    if len(demos) > 1:
        raise UsageError(f"which town? --data {' or --data '.join(str(file.parent) for file in demos)}")
    if demos:
        print(f"the demo in {demos[0].parent}", file=sys.stderr)
    return demos[0] if demos else None


def moment(text: str, option: str, offset_s: int) -> datetime:
    """A moment as somebody writes it, aware UTC; without a zone it is the centre's own time.

    Raises:
        UsageError: It is none.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: not a day or moment like 2026-11-01 or 2026-11-01T22:00+08:00") from None
    zone = timezone(timedelta(seconds=offset_s))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
