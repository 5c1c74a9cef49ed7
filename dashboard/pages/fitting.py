"""What an installer does, each a plain form: from registering a device to handing the home over.

A form may come late: a telephone without a signal keeps it and sends it again. ``once`` makes it one, and
``tapped_at`` says when it was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from string import hexdigits
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import Device, DeviceStage, InstallationStep, Role
from alerting.commands import AnnounceStep, AnyCommand
from alerting.enrolment.commands import (
    AnyRegistryCommand,
    EnrolDevice,
    HandOverHome,
    NoteInstallation,
    PlaceDevice,
    RenameDevice,
    RetireDevice,
    SetDeviceKey,
    StageDevice,
    SwapDevice,
    TakeDownDevice,
)
from alerting.enrolment.labels import read_label
from alerting.homes.steps import AnnouncedFor
from alerting.homes.testing import STEPS as TESTED_BY
from dashboard.access import Do
from dashboard.pages.installing import Card, add_page, cards_of, has_secret, home_of
from dashboard.pages.steps import answered, once_key
from dashboard.site import Site, Viewer, checked_form, needs, site_of, wants_json
from gateway.desk.contract import Answer

router = APIRouter()
Installer = Annotated[Viewer, Depends(needs(Do.INSTALL))]
Fields = Mapping[str, str]

KEY_DIGITS = frozenset({24, 32})
"""Hexadecimal digits of a bind key: 12 bytes of older makes, 16 of all others."""
LATE_S = 60
"""From so long after the tap the history says when it was."""
WALK_S = 300


@router.post("/installs/{key}/{act}")
async def act(request: Request, viewer: Installer, key: str, act: str) -> Response:
    """One thing done at a home."""
    site = site_of(request)
    await home_of(site, viewer, key)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    back = f"/installs/{quote(key)}"
    if act == "hand_over":
        await confirm_tests(site, viewer, key)
    elif act == "announce":
        await confirm_tests(site, viewer, key)
        return await answered(request, site, viewer, await _announce(site, viewer, key, form), back)
    command = await _key(site, form) if act == "key" else _COMMANDS[act](form, key) if act in _COMMANDS else None
    if command is None:
        raise HTTPException(404)
    if form.get("step") == InstallationStep.ORDERED.value and viewer.account.role is Role.INSTALLER:
        raise HTTPException(403)
    if isinstance(command, str):
        return await answered(request, site, viewer, Answer(refused=command), _device_page(key, form))
    if not await _is_of_area(site, viewer, command) or not await _may_go_there(site, viewer, command):
        raise HTTPException(404)
    answer = await _submit(site, viewer, await _with_install_code(site, command, form), form)
    if answer.refused and act == "enrol":
        if has_secret(form.get("code", "")) and not wants_json(request):
            return await add_page(request, viewer, key, form["code"], form.get("swaps", ""), answer.refused)
        return await answered(request, site, viewer, answer, _again(back, form))
    return await answered(request, site, viewer, answer, _on(back, act, key, form))


@router.post("/strangers/assign")
async def assign(request: Request, viewer: Installer) -> Response:
    """An unregistered device is this home's from now on."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    bridge, inner, key = form.get("bridge", ""), form.get("inner", ""), form.get("household", "")
    found = await site.desk.stranger(bridge, inner)
    if found is None or not viewer.sees(found.area):
        raise HTTPException(404)
    again = f"/strangers/assign?{urlencode({'bridge': bridge, 'inner': inner})}"
    if not key:
        return await answered(request, site, viewer, Answer(refused="unknown_home"), again)
    await home_of(site, viewer, key)
    form |= {"model": found.stranger.model, "title": found.stranger.name if found.stranger.name != inner else ""}
    answer = await _submit(site, viewer, _enrol(form, key), form)
    return await answered(request, site, viewer, answer, again if answer.refused else "/strangers")


def _again(back: str, form: Fields) -> str:
    """The form from which a device could not be registered, as it was filled in."""
    if form.get("back") == "strangers":
        return f"/strangers/assign?{urlencode({'bridge': form.get('bridge', ''), 'inner': form.get('inner', '')})}"
    return f"{back}/add?{urlencode({'code': form.get('code', ''), 'swaps': form.get('swaps', '')})}"


def _on(back: str, act: str, key: str, form: Fields) -> str:
    """The page that follows what was done."""
    if act == "enrol" and form.get("back") == "strangers":
        return "/strangers"
    return _device_page(key, form) if act == "key" else back


def _device_page(key: str, form: Fields) -> str:
    return f"/installs/{quote(key)}/devices/{quote(form.get('device', ''))}"


async def _with_install_code(site: Site, command: AnyRegistryCommand, form: Fields) -> AnyRegistryCommand:
    """A new Zigbee device keeps the install code of its label, sealed, until it has been paired."""
    label = read_label(form.get("code", ""))
    code = label.fields.get("install_code", "") if label is not None and not label.flaw else ""
    if not code:
        return command
    sealed = await site.desk.sealed(code)
    if isinstance(command, EnrolDevice):
        return EnrolDevice(device=msgspec.structs.replace(command.device, sealed_code=sealed))
    if isinstance(command, SwapDevice):
        return SwapDevice(device=command.device, new=msgspec.structs.replace(command.new, sealed_code=sealed))
    return command


async def confirm_tests(site: Site, viewer: Viewer, key: str) -> None:
    """Every device whose announced step came through since it was placed is tested.

    A hub's is its power cut, once it is back. What has no test of its own is tested when it has been heard since.
    """
    home, _ = await home_of(site, viewer, key)
    for card in await cards_of(site, home):
        device = card.view.device
        if device.stage is not DeviceStage.INSTALLED:
            continue
        placed = await site.desk.registrations("device", device.id, 1)
        if card.view.offline or not _has_shown(card, placed[0].at if placed else None):
            continue
        await _submit(site, viewer, StageDevice(device=device.id, stage=DeviceStage.TESTED), {})
        if device.role == "hub":
            cut = NoteInstallation(household=key, step=InstallationStep.POWER_CUT)
            await _submit(site, viewer, cut, {})


def _has_shown(card: Card, since: datetime | None) -> bool:
    """Whether a device has shown since then that it works where it is now."""
    if card.view.device.role not in TESTED_BY:
        heard_at = card.view.last_seen_at
        return heard_at is not None and (since is None or heard_at > since)
    ended_at = card.test.ended_at if card.passed and card.test is not None else None
    return ended_at is not None and (since is None or ended_at >= since)


async def _announce(site: Site, viewer: Viewer, key: str, form: Fields) -> Answer:
    """The next step of the walk test."""
    device = await site.desk.device(form.get("device", ""))
    if device is None or device.household != key:
        return Answer(refused="unknown_device")
    purpose, by = AnnouncedFor.WALK, viewer.account.login
    step = AnnounceStep(key=key, device=device.id, role=device.role, purpose=purpose, by=by, for_s=WALK_S)
    return await site.desk.submit(step, once=once_key(step, form.get("once", "")))


async def _submit(site: Site, viewer: Viewer, command: AnyRegistryCommand, form: Fields) -> Answer:
    note = "；".join(filter(None, (form.get("note", "").strip()[:300], _late(site, form))))
    asked = msgspec.structs.replace(command, by=viewer.account.login, note=note)
    return await site.desk.submit(asked, once=once_key(_without_note(asked), form.get("once", "")))


def _without_note(command: AnyRegistryCommand) -> AnyCommand:
    return msgspec.structs.replace(command, note="")  # sent again later, it says so and is the same


def _late(site: Site, form: Fields) -> str:
    """When a form was meant that comes late."""
    try:
        at = datetime.fromisoformat(form.get("tapped_at", ""))
        late_s = (site.desk.now() - at).total_seconds()
    except (ValueError, TypeError):
        return ""
    return f"@{at.isoformat(timespec='seconds')}" if late_s > LATE_S else ""


async def _is_of_area(site: Site, viewer: Viewer, command: AnyRegistryCommand) -> bool:
    """Whether the device that is to be changed is of a home of the viewer's area."""
    id_ = getattr(command, "device", "")
    device = await site.desk.device(id_) if isinstance(id_, str) and id_ else None
    home = await site.desk.household(device.household) if device is not None else None
    return home is None or viewer.sees(home.household.area)


async def _may_go_there(site: Site, viewer: Viewer, command: AnyRegistryCommand) -> bool:
    """Whether the home that a device is for is the viewer's to see, and may be heard through the bridge asked for."""
    if isinstance(command, PlaceDevice):
        key, bridge, inner = command.household, command.bridge, ""
    elif isinstance(command, EnrolDevice | SwapDevice):
        device = command.new if isinstance(command, SwapDevice) else command.device
        key, bridge, inner = device.household, device.bridge, device.inner
    else:
        return True
    home = await site.desk.household(key)
    if home is None:
        return True  # to be refused with the word for it
    if not viewer.sees(home.household.area):
        return False
    if not bridge or bridge in {it.id for it in await site.desk.bridges_of(key)}:
        return True
    heard = await site.desk.stranger(bridge, inner)
    return heard is not None and bool(heard.area) and viewer.sees(heard.area)


def _enrol(form: Fields, key: str) -> EnrolDevice | SwapDevice:
    device = Device(
        id="",
        bridge=form.get("bridge", ""),
        inner=form.get("inner", "").strip(),
        household=key,
        role=form.get("role", ""),
        room=form.get("room", ""),
        vendor=form.get("vendor", "").strip(),
        model=form.get("model", "").strip(),
        title=form.get("title", "").strip(),
        stage=DeviceStage.INSTALLED,
        mounted_cm=_cm(form),
        must_not_see=_avoided(form),
    )
    swapped = form.get("swaps", "")
    return SwapDevice(device=swapped, new=device) if swapped else EnrolDevice(device=device)


async def _key(site: Site, form: Fields) -> SetDeviceKey | str:
    """A bind key as typed: written only, and sealed before anything of it is kept; empty: it has none any more."""
    typed = "".join(form.get("key", "").split()).lower()
    if form.get("forget"):
        return SetDeviceKey(device=form.get("device", ""))
    if len(typed) not in KEY_DIGITS or any(digit not in hexdigits for digit in typed):
        return "bad_key"
    return SetDeviceKey(device=form.get("device", ""), sealed_key=await site.desk.sealed(typed))


def _place(form: Fields, key: str) -> PlaceDevice:
    return PlaceDevice(
        device=form.get("device", ""),
        household=form.get("household", "").strip() or key,
        bridge=form.get("bridge", ""),
        role=form.get("role", ""),
        room=form.get("room", ""),
        title=form.get("title", "").strip(),
        mounted_cm=_cm(form),
        must_not_see=_avoided(form),
    )


def _step(form: Fields, key: str) -> NoteInstallation | None:
    word = form.get("step", "")
    if word not in {step.value for step in InstallationStep}:
        return None
    return NoteInstallation(household=key, step=InstallationStep(word), text=form.get("text", ""))


def _cm(form: Fields) -> int:
    text = form.get("mounted_cm", "").strip()
    return int(text) if text.isdecimal() and len(text) <= 5 else -1 if text else 0  # noqa: PLR2004 - digits


def _avoided(form: Fields) -> tuple[str, ...]:
    return tuple(sorted(name.removeprefix("avoid_") for name in form if name.startswith("avoid_")))


_COMMANDS: dict[str, Callable[[Fields, str], Any]] = {
    "enrol": _enrol,
    "place": _place,
    "rename": lambda form, _: RenameDevice(device=form.get("device", ""), title=form.get("title", "").strip()),
    "take_down": lambda form, _: TakeDownDevice(device=form.get("device", "")),
    "retire": lambda form, _: RetireDevice(device=form.get("device", "")),
    "step": _step,
    "hand_over": lambda _, key: HandOverHome(household=key),
}
