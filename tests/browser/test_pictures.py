"""Draws every page in both languages into docs/screens/: ``pytest -m slow tests/browser/test_pictures.py``.

A town of twelve invented homes on one scripted morning; what is drawn is what a browser shows, made small.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from every_page import LANGUAGES, Stop, every_page, town
from PIL import Image
from screens import Screens

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUALITY, MOST_BYTES = 42, 4_000_000


class Album:
    """Pictures as they are taken, and the page that shows them."""

    def __init__(self) -> None:
        self.folder = DOCS / "screens"
        self.names: dict[str, tuple[str, str]] = {}
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.glob("*.webp"):
            old.unlink()

    async def take(self, it: Stop) -> None:
        """One page in both languages."""
        self.names[it.name] = it.titles
        for code, short in LANGUAGES.items():
            await it.open(code)
            shot = Image.open(io.BytesIO(await it.page.screenshot()))
            shot.convert("RGB").save(self.folder / f"{it.name}.{short}.webp", "WEBP", quality=QUALITY, method=6)

    def write(self) -> None:
        """The table of all of them, below what is written above it."""
        paper = DOCS / "screens.md"
        above, table, _ = paper.read_text(encoding="utf-8").partition("| page | 中文 | English |\n")
        assert table, "the paper has a table of pictures"
        lines = [above + table + "|---|---|---|"]
        for name, (chinese, english) in self.names.items():
            pictures = [f"[![{it}](screens/{name}.{it}.webp)](screens/{name}.{it}.webp)" for it in ("zh", "en")]
            lines.append(f"| {english}<br>{chinese} | {' | '.join(pictures)} |")
        paper.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_every_page_is_drawn(screens: Screens) -> None:
    there, album = await town(screens), Album()
    async for stop in every_page(screens, there):
        if stop.is_drawn:
            await album.take(stop)
        if stop.name == "console-incident":
            await stop.page.emulate_media(color_scheme="dark")
            await album.take(stop._replace(name="night", titles=("夜班：深色", "Night shift: dark colours")))
            await stop.page.emulate_media(color_scheme="light")
    album.write()
    drawn = [it.stat().st_size for it in album.folder.glob("*.webp")]
    assert len(drawn) == 2 * len(album.names)
    assert sum(drawn) < MOST_BYTES, sum(drawn)
