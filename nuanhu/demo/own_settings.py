"""The settings of a demo, kept in its folder, so that other commands look at the town with the same ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, SecretStr

from gateway.settings import Settings

FILE = "nuanhu.toml"
HEAD = "# Written anew at each start of the demo. For other commands: nuanhu replay --data FOLDER\n"


def keep(settings: Settings) -> Path:
    """Write the settings that differ from the usual ones into the settings' own folder, for their owner alone.

    Returns:
        The file, as ``--settings`` takes it.
    """
    file = settings.data / FILE
    told = {name: getattr(settings, name) for name in sorted(settings.model_fields_set)}
    told["data"] = str(settings.data.absolute())
    file.touch(mode=0o600)
    file.write_text(HEAD + toml(told), encoding="utf-8")
    return file


def toml(values: Mapping[str, object]) -> str:
    """Values as TOML: what is flat first, then a table for each mapping; secrets in the open."""
    plain = {name: _open(value) for name, value in values.items()}
    flat = [f"{name} = {_word(value)}" for name, value in plain.items() if not isinstance(value, dict)]
    tables = [
        f"\n[{name}]\n" + "\n".join(f"{json.dumps(key, ensure_ascii=False)} = {_word(it)}" for key, it in value.items())
        for name, value in plain.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*flat, *tables, ""])


def _open(value: object) -> object:
    """Models and secrets as what they hold."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return {name: _open(getattr(value, name)) for name in sorted(value.model_fields_set)}
    if isinstance(value, Mapping):
        return {str(key): _open(it) for key, it in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_open(it) for it in value]
    return str(value) if isinstance(value, Path) else value


def _word(value: object) -> str:
    """One value in one line; JSON's way of quoting is TOML's."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {_word(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_word(it) for it in value) + "]"
    return json.dumps(value, ensure_ascii=False)
