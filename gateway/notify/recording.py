"""The recording channel: a file of what would have been sent, for drills and tests."""

from __future__ import annotations

import json
import os
from pathlib import Path

from gateway.notify.port import Outgoing, Sent


class Recording:
    """Appends each text to a file as a line of JSON.

    Args:
        file: Where to.
    """

    def __init__(self, file: Path) -> None:
        """Nothing is written yet."""
        self._file = file

    def send(self, page: Outgoing) -> Sent:
        """Append; durable when this returns. Raises OSError where the file cannot be written."""
        line = {"to": page.name or page.recipient, "text": page.text}
        if page.channel:
            line["channel"] = page.channel
        with self._file.open("ab") as out:
            out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
        return Sent()
