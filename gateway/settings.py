"""Settings of the gateway, from ``nuanhu.toml`` and ``NUANHU_…`` variables. Every one is in docs/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """Where everything is. Variables win over the file.

    Attributes:
        data: Folder of the embedded store and of secrets.
        store_url: SQLAlchemy address of the store; empty: SQLite in ``data``.
        broker_host: Host of the broker.
        broker_port: Port of the broker.
        broker_username: The gateway's own account there.
        broker_password: Its password.
        broker_ca_file: Certificate authority of the broker's TLS; empty: no TLS.
        broker_mqtt5: MQTT 5 (session expiry, no echo of own messages); false for a 3.1.1 broker.
        host: Address on which the screens are served.
        port: Port on which the screens are served.
        secret: Signs sign-in cookies; empty: made once and kept in ``data``.
        secure_cookies: Cookies only over HTTPS; false only on loopback.
        influx_url: Address of an InfluxDB 2 for telemetry; empty: none, activity is kept in the store alone.
        influx_org: Organisation there.
        influx_bucket: Bucket there.
        influx_token: A token that may write to the bucket.
        language: Language of a browser that has not chosen.
        title: Name of the centre.
    """

    model_config = SettingsConfigDict(env_prefix="NUANHU_", extra="forbid", frozen=True)

    data: Path = Path("var/nuanhu")
    store_url: str = ""
    broker_host: str = "127.0.0.1"
    broker_port: int = Field(default=1883, ge=1, le=65535)
    broker_username: str = "gateway"
    broker_password: SecretStr = SecretStr("")
    broker_ca_file: str = ""
    broker_mqtt5: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    secret: SecretStr = SecretStr("")
    secure_cookies: bool = True
    influx_url: str = ""
    influx_org: str = ""
    influx_bucket: str = "nuanhu"
    influx_token: SecretStr = SecretStr("")
    language: Literal["zh_CN", "en"] = "zh_CN"
    title: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then variables, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(file: Path | None, **fixed: object) -> Settings:
    """Settings from a file (none: only variables), variables and fixed values.

    Raises:
        pydantic.ValidationError: A setting is unknown or out of bounds.
        FileNotFoundError: The file named is not there.
    """
    if file is not None and not file.is_file():
        raise FileNotFoundError(f"no settings file {file}")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return FromFile(**fixed)  # type: ignore[arg-type]
