"""The settings that a demo keeps in its folder are read back as the same settings."""

from __future__ import annotations

import stat
from pathlib import Path

from pydantic import SecretStr

from gateway.notify.provider import ProviderSettings
from gateway.settings import Settings, read_settings
from nuanhu.demo import own_settings


def test_what_is_kept_is_read_back_the_same_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path.absolute(),
        title='暖护"演示"',
        secure_cookies=False,
        base_url="http://127.0.0.1:8080",
        duty_phones={"值班电话（演示）": SecretStr("voice:///13800000001"), "记录": SecretStr("record:///x")},
        page_pins={"值班电话（演示）": SecretStr("2468")},
        providers={
            "demo": ProviderSettings(url="http://127.0.0.1:1", key="demo", secret=SecretStr("s" * 20)),
        },
        p1_steps_s=(40, 70, 100, 130),
    )
    file = own_settings.keep(settings)
    assert read_settings(file).model_dump() == settings.model_dump()
    assert read_settings(file).policy() == settings.policy()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
