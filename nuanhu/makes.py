"""Makes of device that are declared in a file: docs/declared-json.md."""

from __future__ import annotations

import tomllib
from pathlib import Path

from device_adapters.bridges.declared_json import NotADeclarationError
from device_adapters.catalogue import adopt
from nuanhu.errors import UsageError


def adopt_declared(file: Path) -> int:
    """Take in every ``[[make]]`` of a TOML file; returns how many.

    Raises:
        UsageError: No such file, no TOML, or a declaration that makes no adapter; one line.
    """
    try:
        declared = tomllib.loads(file.read_text(encoding="utf-8")).get("make", [])
        adopt(declared if isinstance(declared, list) else [declared])
    except OSError as wrong:
        raise UsageError(f"{file}: {wrong.strerror}") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, NotADeclarationError) as wrong:
        raise UsageError(f"{file}: {wrong}") from wrong
    return len(declared) if isinstance(declared, list) else 1
