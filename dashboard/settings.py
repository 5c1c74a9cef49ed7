"""What the deployer decides about the screens."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from alerting.casefile import Role

MapDatum = Literal["WGS-84", "GCJ-02"]
LanguageCode = Literal["zh_CN", "en"]


class DemoAccount(BaseModel):
    """An account that the sign-in page of the demo offers to everybody who looks at it."""

    model_config = ConfigDict(frozen=True)

    login: str
    password: str
    role: Role


class DashboardSettings(BaseModel):
    """Settings of the screens.

    Attributes:
        secret: Signs cookies and form tokens; at least 16 characters, the same after a restart.
        secure_cookies: Cookies travel over HTTPS only. False only on loopback and in the demo.
        default_language: What a browser sees that has not chosen.
        title: Name of the place or centre, shown beside the product's name.
        desk_phone: Number of the desk, for whoever was called or sent; may be empty.
        utc_offset_h: Local time of the service, hours east of Greenwich.
        beat_s: Seconds between two signs of life on a console's socket.
        sign_in_h: How long a sign-in lasts, hours.
        failures_a_minute: Wrong passwords a login may have within a minute.
        wrong_pins: Wrong PINs a person who was paged may have within half an hour.
        origins: Further origins (``https://host``) that may post forms and open sockets, for a proxy that
            does not keep the ``Host`` header.
        activity_days: Days in the activity plot of an incident.
        map_tiles: Address of map pictures with ``{z}``, ``{x}`` and ``{y}``; empty: boundaries alone, no other host.
        map_datum: Datum of those pictures.
        map_credit: Whose they are, shown on the map.
        demo_accounts: Offered on the sign-in page; empty in production.
    """

    model_config = ConfigDict(frozen=True)

    secret: SecretStr = Field(min_length=16)
    secure_cookies: bool = True
    default_language: LanguageCode = "zh_CN"
    title: str = ""
    desk_phone: str = ""
    utc_offset_h: float = 8
    beat_s: float = Field(default=5, gt=0)
    sign_in_h: float = 12
    failures_a_minute: int = 5
    wrong_pins: int = 5
    origins: tuple[str, ...] = ()
    activity_days: int = 14
    map_tiles: str = ""
    map_datum: MapDatum = "WGS-84"
    map_credit: str = ""
    demo_accounts: tuple[DemoAccount, ...] = ()
