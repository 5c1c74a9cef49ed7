"""Settings of the gateway, from ``nuanhu.toml`` and ``NUANHU_…`` variables. Every one is in docs/settings.md."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from alerting import equipment_terms
from alerting.care import terms as care_terms
from alerting.equipment_terms import TEST_DAYS
from alerting.floods import with_changes as thresholds_with
from alerting.incidents import afterwards
from alerting.incidents.values import with_changes
from alerting.keeping.leaving import ERASE_AFTER_DAYS, ERASE_WITHIN_DAYS
from alerting.model import Priority, RiskTier
from alerting.policy import H, Policy, ladder
from alerting.terms import AGAIN_S, GOAL_FROM_TO, P1_STEPS_S, P2_STEPS_S, STEP_S
from gateway.exchange.addresses import networks_of
from gateway.notify.provider import LOOPBACK, ProviderSettings

StepS = Annotated[int, Field(ge=STEP_S[0], le=STEP_S[1])]
"""Seconds after which an incident may climb one step."""

PLACES = ("{z}", "{x}", "{y}")
PLAIN = re.compile(r"https?://[\w.-]+(:\d+)?/\S*")


def tiles_address(address: str) -> str:
    """The address of map pictures, if it is one.

    Raises:
        ValueError: It names no host, or leaves out zoom, column or row.
    """
    if address and not (PLAIN.fullmatch(address) and all(place in address for place in PLACES)):
        raise ValueError("an http(s) address with {z}, {x} and {y}, and the host written out")
    return address


SHORTEST_PASSPHRASE = 12


SHORTEST_TOKEN = 16


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
        canary_username: The canary's own account at the broker; empty: no trial presses.
        canary_password: Its password.
        canary_every_s: So often a trial press is made, seconds.
        audit_every_s: So often the auditor looks, seconds.
        heartbeat_url: Asked by ``GET`` after each trial press that came through; empty: no outside heartbeat.
        snapshot_folder: Folder of the encrypted registry snapshot, best on another disk; empty: ``data``.
        snapshot_key_file: Its key, made when it is missing; empty: ``snapshot.key`` in ``data``.
        continuity_folder: Folder of the continuity pack; empty: ``continuity`` in ``data``.
        continuity_passphrase: Opens the continuity pack, at least 12 characters; empty: none is written.
        backup_folder: Folder of the nightly back-ups, best on another machine's disk; empty: none is written.
        backup_passphrase: Opens them, at least 12 characters; empty: none is written.
        backup_hour: Local hour of the back-up.
        backup_keep: So many are kept.
        language: Language of a browser that has not chosen.
        title: Name of the centre.
        map_tiles: Address of map pictures, with ``{z}``, ``{x}``, ``{y}``; empty: none, and no other host is asked.
        map_datum: Datum of those pictures.
        map_credit: Whose they are, shown on the map.
        duty_phones: Address by name of each duty telephone, the one that is called first in front.
        desk_phone: Number of the desk, for calling back; put on every page.
        base_url: Where the screens are reached from outside; put on every page as a link; empty: no link.
        page_details: What a page says of the person: ``least`` (family name and village) or ``full`` (name, address).
        page_pins: PIN by name of a duty telephone or id of a person, for accepting by link; four to twelve digits.
        providers: Of text messages and calls, by name, the one that is asked first in front.
        push_networks: Networks beside the public ones that news may be pushed to, as in ``10.20.0.0/16``; there plain
            ``http`` will do.
        area_code: The centre's own, for telephone numbers without one: ``0510``.
        telephony_token: The telephone exchange's; empty: it is not heard.
        telephony_emergency_lines: Numbers of ours: a known caller who is answered there gets an incident at once.
        telephony_dial: Address of the exchange that connects a call, or ``tel:`` or ``sip:`` with places in braces.
        telephony_extensions: Extension by login of an operator.
        page_test_hour: Local hour of the daily test of every duty telephone.
        signal_days: How long signals that led to nothing are kept, days.
        record_years: How long calls for help, decisions and incidents are kept, years.
        photo_days: How long photos of visits and of scenes are kept, days.
        erase_after_days: A household that leaves is erased so long after; until then it can be taken back.
        expiry_hour: Local hour at which what is older is deleted.
        json_makes: TOML file that declares makes of hub that publish JSON; empty: none.
        false_per_week: Budget: false inactivity alarms that a home may have a week, while the city has no number.
        false_per_day_city: Budget: false inactivity alarms that all homes together may have a day; 0: each its own.
        false_per_week_most: With a number for the city: no home is planned to have more, a week.
        cap_day_h: Past so many hours a silence that began by day (06-22) alarms, whatever the budget says.
        cap_night_h: The same for the night.
        tier_cap: Both are multiplied by this for a risk tier; never more than a day.
        prompt_share: What it costs to ask a home's own device, as a share of a call.
        prompts_per_week: So often a home may be expected to be asked by itself a week.
        prompts_a_day: And never more often in one day.
        p1_steps_s: When a P1 incident that nobody takes climbs, seconds.
        p2_steps_s: The same for P2.
        p1_again_s: Once at the top, everybody is called again each time this has passed, seconds.
        p2_again_s: The same for P2.
        p1_accept_s: How long an accepted page of a P1 incident holds up its climb, seconds.
        p2_accept_s: The same for P2.
        neighbours_from: Neighbours with a key are rung at once for P1 alone (1), or for P2 too (2).
        test_every_days: A home owes a test press so often, days: 7 weekly, 31 monthly.
        check_ins: By class of device: interval and time until silent that are not the usual ones, minutes.
        equipment: Numbers about equipment that are not the usual ones, by their name.
        required: What a home must have to be protected, by tier or case number: ``caller``, ``eye``, or roles.
        protected_goal: Share of homes that should be protected.
        values: Times of the work on an incident that are not the usual ones, seconds by their name.
        follow_up: Terms of follow-up calls that are not the usual ones, by their name.
        care: How often visits and calls are owed, and when they climb, where that is not as usual, by their name.
        floods: Thresholds of floods and chatter that are not the usual ones, by their name.
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
    broker_files: str = ""
    broker_reload: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    secret: SecretStr = SecretStr("")
    secure_cookies: bool = True
    influx_url: str = ""
    influx_org: str = ""
    influx_bucket: str = "nuanhu"
    influx_token: SecretStr = SecretStr("")
    canary_username: str = ""
    canary_password: SecretStr = SecretStr("")
    canary_every_s: float = Field(default=60.0, gt=0, le=60)
    audit_every_s: float = Field(default=10.0, ge=1, le=60)
    heartbeat_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    snapshot_folder: str = ""
    snapshot_key_file: str = ""
    continuity_folder: str = ""
    continuity_passphrase: SecretStr = SecretStr("")
    backup_folder: str = ""
    backup_passphrase: SecretStr = SecretStr("")
    backup_hour: int = Field(default=2, ge=0, le=23)
    backup_keep: int = Field(default=7, ge=1, le=60)
    language: Literal["zh_CN", "en"] = "zh_CN"
    title: str = ""
    map_tiles: Annotated[str, AfterValidator(tiles_address)] = ""
    map_datum: Literal["WGS-84", "GCJ-02"] = "WGS-84"
    map_credit: str = ""
    duty_phones: dict[str, SecretStr] = {}
    desk_phone: str = ""
    base_url: str = ""
    page_details: Literal["least", "full"] = "least"
    page_pins: dict[str, SecretStr] = {}
    providers: dict[str, ProviderSettings] = {}
    push_networks: tuple[str, ...] = ()
    area_code: str = Field(default="", pattern=r"^(0\d{2,3})?$")
    telephony_token: SecretStr = SecretStr("")
    telephony_emergency_lines: tuple[str, ...] = ()
    telephony_dial: str = Field(default="tel:{number}", pattern=r"^(tel:|sip:|https?://)\S+$")
    telephony_extensions: dict[str, str] = {}
    page_test_hour: int = Field(default=10, ge=0, le=23)
    signal_days: int = Field(default=14, ge=2, le=3650)
    record_years: int = Field(default=5, ge=5, le=100)
    photo_days: int = Field(default=365, ge=30, le=1825)
    erase_after_days: int = Field(default=ERASE_AFTER_DAYS, ge=ERASE_WITHIN_DAYS[0], le=ERASE_WITHIN_DAYS[1])
    expiry_hour: int = Field(default=3, ge=0, le=23)
    json_makes: str = ""
    false_per_week: float = Field(default=0.23, ge=0.02, le=10)
    false_per_day_city: float = Field(default=0.0, ge=0, le=1000)
    false_per_week_most: float = Field(default=1.0, ge=0.02, le=10)
    cap_day_h: float = Field(default=12.0, ge=4, le=24)
    cap_night_h: float = Field(default=14.0, ge=4, le=24)
    tier_cap: dict[RiskTier, Annotated[float, Field(ge=0.25, le=2)]] = {}
    prompt_share: float = Field(default=0.2, ge=0.02, le=1)
    prompts_per_week: float = Field(default=1.0, ge=0.05, le=7)
    prompts_a_day: int = Field(default=2, ge=0, le=6)
    p1_steps_s: tuple[StepS, StepS, StepS, StepS] = P1_STEPS_S
    p2_steps_s: tuple[StepS, StepS, StepS] = P2_STEPS_S
    p1_again_s: int = Field(default=300, ge=AGAIN_S[0], le=AGAIN_S[1])
    p2_again_s: int = Field(default=900, ge=AGAIN_S[0], le=AGAIN_S[1])
    test_every_days: int = Field(default=31, ge=TEST_DAYS[0], le=TEST_DAYS[1])
    check_ins: dict[str, tuple[int, int]] = {}
    equipment: dict[str, int] = {}
    required: dict[str, tuple[str, ...]] = {}
    protected_goal: float = Field(default=0.995, ge=GOAL_FROM_TO[0], le=GOAL_FROM_TO[1])
    values: dict[str, int] = {}
    follow_up: dict[str, int | tuple[int, ...]] = {}
    care: dict[str, int] = {}
    floods: dict[str, float] = {}
    p1_accept_s: int = Field(default=300, ge=AGAIN_S[0], le=AGAIN_S[1])
    p2_accept_s: int = Field(default=900, ge=AGAIN_S[0], le=AGAIN_S[1])
    neighbours_from: int = Field(default=1, ge=1, le=2)

    @field_validator("p1_steps_s", "p2_steps_s")
    @classmethod
    def _climbing(cls, steps_s: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(steps_s)):
            raise ValueError("each step must come later than the one before")
        return steps_s

    @field_validator("values")
    @classmethod
    def _within_bounds(cls, values: dict[str, int]) -> dict[str, int]:
        with_changes(values)
        return values

    @field_validator("check_ins")
    @classmethod
    def _in_order(cls, check_ins: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        equipment_terms.with_changes(check_ins=check_ins)
        return check_ins

    @field_validator("equipment")
    @classmethod
    def _numbers(cls, numbers: dict[str, int]) -> dict[str, int]:
        equipment_terms.with_changes(numbers=numbers)
        return numbers

    @field_validator("required")
    @classmethod
    def _roles(cls, required: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        equipment_terms.with_changes(required=required)
        return required

    @field_validator("floods")
    @classmethod
    def _thresholds(cls, floods: dict[str, float]) -> dict[str, float]:
        thresholds_with(floods)
        return floods

    @field_validator("follow_up")
    @classmethod
    def _usable(cls, terms: dict[str, int | tuple[int, ...]]) -> dict[str, int | tuple[int, ...]]:
        afterwards.with_changes(terms)
        return terms

    @field_validator("care")
    @classmethod
    def _care(cls, care: dict[str, int]) -> dict[str, int]:
        care_terms.with_changes(care)
        return care

    @field_validator("page_pins")
    @classmethod
    def _digits(cls, pins: dict[str, SecretStr]) -> dict[str, SecretStr]:
        if not all(re.fullmatch(r"[0-9]{4,12}", pin.get_secret_value()) for pin in pins.values()):
            raise ValueError("a PIN is four to twelve digits")
        return pins

    @field_validator("push_networks")
    @classmethod
    def _networks(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        networks_of(named)
        return named

    @field_validator("telephony_dial")
    @classmethod
    def _private(cls, template: str) -> str:
        place = urlsplit(template)
        if place.scheme == "http" and place.hostname not in LOOPBACK:
            raise ValueError("must be https, except on this machine")
        return template

    @field_validator("telephony_token")
    @classmethod
    def _long(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters")
        return token

    def policy(self) -> Policy:
        """The rules' settings, as far as they are the centre's to set here."""
        usual = Policy()
        steps = {Priority.P1: ladder(*self.p1_steps_s), Priority.P2: ladder(*self.p2_steps_s)}
        return Policy(
            own_ladders=usual.own_ladders | steps,
            own_again_s=usual.own_again_s | {Priority.P1: self.p1_again_s, Priority.P2: self.p2_again_s},
            own_accept_s=usual.own_accept_s | {Priority.P1: self.p1_accept_s, Priority.P2: self.p2_accept_s},
            false_per_week=self.false_per_week,
            city_per_day=self.false_per_day_city,
            home_most_per_week=self.false_per_week_most,
            cap_day_s=int(self.cap_day_h * H),
            cap_night_s=int(self.cap_night_h * H),
            tier_cap=usual.tier_cap | self.tier_cap,
            prompt_share=self.prompt_share,
            prompts_per_week=self.prompts_per_week,
            prompts_a_day=self.prompts_a_day,
            duty_phones=tuple(self.duty_phones),
            own_neighbours_from=Priority(self.neighbours_from),
            own_values=with_changes(self.values),
            own_follow_up=afterwards.with_changes(self.follow_up),
            own_test_every_s=self.test_every_days * 24 * H,
            own_equipment=equipment_terms.with_changes(
                check_ins=self.check_ins, numbers=self.equipment, required=self.required, goal=self.protected_goal
            ),
            own_floods=thresholds_with(self.floods),
            own_care=care_terms.with_changes(self.care),
            erase_after_days=self.erase_after_days,
        )

    @field_validator("continuity_passphrase", "backup_passphrase")
    @classmethod
    def _long_enough(cls, passphrase: SecretStr) -> SecretStr:
        if 0 < len(passphrase.get_secret_value()) < SHORTEST_PASSPHRASE:
            raise ValueError(f"at least {SHORTEST_PASSPHRASE} characters")
        return passphrase

    @model_validator(mode="after")
    def _gone_means_gone(self) -> Settings:
        if self.backup_folder and self.backup_keep > self.erase_after_days:
            raise ValueError("backup_keep must not be more than erase_after_days: who was erased would come back")
        return self

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
