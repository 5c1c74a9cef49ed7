"""The screens of an installation: the web application on a Desk, and the secret that signs its sign-ins."""

from __future__ import annotations

import secrets
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from alerting.policy import Policy
from dashboard.settings import DashboardSettings, DemoAccount
from gateway.desk.contract import Desk
from gateway.fallback.snapshot import replace_file
from gateway.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def load_screens() -> None:
    """Load what the screens need: half of the time a start takes. In a thread, the event loop goes on meanwhile."""
    for part in ("dashboard.app", "nuanhu.canary", "nuanhu.web_server"):
        import_module(part)
    from dashboard.i18n import load_languages  # noqa: PLC0415 - loaded now

    load_languages()


def screens(
    desk: Desk, settings: Settings, policy: Policy, demo_accounts: tuple[DemoAccount, ...] = (), *, speed: float
) -> FastAPI:
    """The web application on a Desk."""
    from dashboard.app import create_app  # noqa: PLC0415 - half of the time a start takes

    return create_app(desk, _dashboard_settings(settings, policy, demo_accounts), speed=speed)


def _dashboard_settings(settings: Settings, policy: Policy, accounts: tuple[DemoAccount, ...]) -> DashboardSettings:
    return DashboardSettings(
        secret=sign_in_secret(settings, keep=True),
        secure_cookies=settings.secure_cookies,
        default_language=settings.language,
        title=settings.title,
        desk_phone=settings.desk_phone,
        utc_offset_h=policy.utc_offset_s / 3600,
        map_tiles=settings.map_tiles,
        map_datum=settings.map_datum,
        map_credit=settings.map_credit,
        demo_accounts=accounts,
    )


def sign_in_secret(settings: Settings, *, keep: bool) -> SecretStr:
    """What signs the sign-ins: as set, else as kept in ``data``.

    With ``keep`` it is made and kept where there is none; without, it is for this run alone: everybody signs in anew.
    """
    if settings.secret.get_secret_value():
        return settings.secret
    file = settings.data / "secret"
    if keep:
        return SecretStr(kept_secret(file))
    with suppress(OSError):
        return SecretStr(file.read_text().strip())
    return SecretStr(secrets.token_urlsafe(32))


def kept_secret(file: Path) -> str:
    """A secret that is made once and then found again; readable by its owner alone."""
    if not file.exists():
        replace_file(file, secrets.token_urlsafe(32).encode())
    return file.read_text().strip()
