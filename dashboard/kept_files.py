"""Style sheets, scripts and pictures: under an address that changes with them, a browser keeps them and asks no more.

They have two addresses: ``/static/base.css``, asked for anew each time, and ``/static/3f9c…/base.css`` with a mark of
all that they say. Files name each other by relative addresses, so what a page begins with goes on under the mark.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from xstatic.pkg import leaflet  # type: ignore[import-untyped]

from dashboard.i18n import ROOM

LEAFLET = Path(leaflet.BASE_DIR)
KEPT, ASKED_ANEW, NOWHERE = "public, max-age=31536000, immutable", "no-cache", "no-store"
"""``Cache-Control`` of a file under today's mark, of one without or with an older mark, and of everything else."""
MARKED = re.compile(r"/static/([0-9a-f]{12})/")


def mark_of(folders: tuple[Path, ...]) -> str:
    """Twelve hexadecimal digits that change with any file of these folders."""
    said = hashlib.sha256()
    for folder in folders:
        for file in sorted(it for it in folder.rglob("*") if it.is_file()):
            content = file.read_bytes()
            said.update(f"{file.relative_to(folder)} {len(content)}\n".encode() + content)
    return said.hexdigest()[:12]


MARK = mark_of((ROOM / "static", LEAFLET))
STATIC = f"/static/{MARK}"
"""Where pages find the files."""


def without_mark(path: str) -> str:
    """Where a file is, whatever the mark in its address: a page from before an upgrade still finds today's."""
    return MARKED.sub("/static/", path, count=1) if MARKED.match(path) else path


def keeping_of(path: str, status: int) -> str:
    """How long a browser may keep an answer, as ``Cache-Control``."""
    if not path.startswith("/static/"):
        return NOWHERE
    return KEPT if path.startswith(f"{STATIC}/") and status in {200, 304} else ASKED_ANEW
