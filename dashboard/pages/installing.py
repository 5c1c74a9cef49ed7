"""The installer's pages, for a telephone in one hand: work orders, a home's devices, walk test, hand-over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Bridge, InstallationStep
from alerting.enrolment.commands import TakeInstallCode
from alerting.enrolment.labels import Label, inner_id, read_label
from dashboard.access import Do
from dashboard.device_words import AVOIDED, LABEL_KINDS, REFUSALS, STAGES, STEPS
from dashboard.label_photo import codes_in
from dashboard.photos import MOST_BYTES, NotAPhotoError
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.words import DEVICE_ROLES, ROOMS
from gateway.desk.contract import DeviceView, HouseholdView
from gateway.equipment.contract import StepView
from gateway.registry.registry_desk import InstallationView

router = APIRouter()
Installer = Annotated[Viewer, Depends(needs(Do.INSTALL))]
MOST_FOUND = 20
SECRET_FIELDS = frozenset({"install_code", "owner_token"})
"""What a label says that lets whoever has read it take the device over."""
OTHER_NAMES: dict[str, frozenset[str]] = {"role": frozenset({"contact"}), "room": frozenset({"door"})}
"""Second names of a role (``door``) and of a room (``entrance``): known where they were given, not offered any more."""
ENCRYPTED_BY = frozenset({"ble", "shelly", "home-assistant", "esphome"})
"""Bridges that pass on adverts, which a device may encrypt."""


class Card(msgspec.Struct, frozen=True):
    """One device on the installer's page: itself, what was heard of it, and how its last test went."""

    view: DeviceView
    test: StepView | None

    @property
    def passed(self) -> bool:
        """Whether its last test came through."""
        return self.test is not None and self.test.how == "matched"


@router.get("/installs")
async def installs(request: Request, viewer: Installer, q: str = "") -> Response:
    """Homes with work, and a search for any other home of the area."""
    site, q = site_of(request), q.strip()[:100]
    orders = await site.desk.work_orders(viewer.account.area)
    found = await site.desk.households(viewer.account.area, q, MOST_FOUND) if q else []
    return site.page(request, viewer, "installs.html", orders=orders, q=q, found=found)


@router.get("/installs/{key}/add")
async def add(
    request: Request, viewer: Installer, key: str, code: str = "", swaps: str = "", refused: str = ""
) -> Response:
    """A device for this home: by the label's code, or typed. ``swaps`` is the device whose place it takes."""
    return await add_page(request, viewer, key, code, swaps, refused)


async def add_page(
    request: Request, viewer: Viewer, key: str, code: str = "", swaps: str = "", refused: str = ""
) -> Response:
    """The form for a new device, filled in from its label."""
    site = site_of(request)
    home, done = await home_of(site, viewer, key)
    label = read_label(code) if code else None
    bridges = await site.desk.bridges_of(key)
    chosen = _likely_bridge(bridges, label)
    page = site.page(
        request,
        viewer,
        "install_add.html",
        home=home,
        done=done,
        code=code,
        old=next((it for it in done.devices if it.id == swaps), None),
        label=label,
        bridges=bridges,
        chosen=chosen.id if chosen else "",
        inner=inner_id(label, chosen.adapter) if label and chosen else code,
        refused=_said(viewer, refused),
        **_choices(),
    )
    if has_secret(code):
        page.headers["cache-control"] = "no-store"
    return page


def has_secret(code: str) -> bool:
    """Whether a label's code must stay out of addresses, which logs and histories keep: it has an install code in it.

    Also one whose checksum does not fit: a digit was misread.
    """
    label = read_label(code) if code else None
    return label is not None and not label.fields.keys().isdisjoint(SECRET_FIELDS)


@router.post("/installs/{key}/label")
async def label(request: Request, viewer: Installer, key: str) -> Response:
    """A photo of the label: on to the form with what it says."""
    site = site_of(request)
    await home_of(site, viewer, key)
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise HTTPException(413)
    form = await checked_form(request, viewer.seed)
    photo, typed, swaps = form.get("photo"), str(form.get("code", "")).strip(), str(form.get("swaps", ""))
    kept = {"swaps": swaps} if swaps else {}
    codes = [typed] if typed else []
    if isinstance(photo, UploadFile) and photo.size:
        try:
            codes += await asyncio.to_thread(codes_in, await photo.read())
        except NotAPhotoError:
            return _to(f"/installs/{quote(key)}/add", refused="no_photo", **kept)
    code = _best(codes)
    if has_secret(code):
        return await add_page(request, viewer, key, code, swaps)
    return _to(f"/installs/{quote(key)}/add", **({"code": code} if code else {"refused": "no_code"}), **kept)


@router.get("/installs/{key}/devices/{device:path}")
async def one_device(request: Request, viewer: Installer, key: str, device: str, refused: str = "") -> Response:
    """One device: place, name, swap, move, take down, retire; and its history."""
    site = site_of(request)
    home, done = await home_of(site, viewer, key)
    found = next((it for it in (*done.devices, *done.former) if it.id == device), None)
    if found is None:
        raise HTTPException(404)
    history = await site.desk.registrations("device", device)
    bridge = next((it for it in await site.desk.bridges() if it.id == found.bridge), None)
    encrypts = bridge is not None and bridge.adapter in ENCRYPTED_BY
    parts: dict[str, Any] = {"home": home, "device": found, "history": history, "stages": STAGES, "encrypts": encrypts}
    return site.page(request, viewer, "install_device.html", refused=_said(viewer, refused), **parts, **_choices())


@router.post("/installs/{key}/pairing")
async def pairing(request: Request, viewer: Installer, key: str) -> Response:
    """A device's install code, shown this once: from then on it is kept nowhere."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    home, done = await home_of(site, viewer, key)
    found = next((it for it in done.devices if it.id == str(form.get("device", ""))), None)
    if found is None:
        raise HTTPException(404)
    answer = await site.desk.submit(TakeInstallCode(device=found.id, by=viewer.account.login))
    code = await site.desk.opened(found.sealed_code) if answer.done else ""
    if not code:
        return _to(f"/installs/{quote(key)}/devices/{quote(found.id)}", refused=answer.refused or "no_install_code")
    bridge = next((it for it in await site.desk.bridges() if it.id == found.bridge), None)
    shown = site.page(request, viewer, "install_code.html", home=home, device=found, code=code.upper(), bridge=bridge)
    shown.headers["cache-control"] = "no-store"
    return shown


@router.get("/installs/{key}")
async def install(request: Request, viewer: Installer, key: str, refused: str = "") -> Response:
    """One home: its devices with their tests as they come in, the checklist, the hand-over."""
    site = site_of(request)
    home, done = await home_of(site, viewer, key)
    cards = await cards_of(site, home)
    parts: dict[str, Any] = {"home": home, "done": done, "cards": cards, "stages": STAGES, "step_words": STEPS}
    checklist = [step for step in InstallationStep if step in done.needs]
    return site.page(request, viewer, "install_home.html", checklist=checklist, refused=_said(viewer, refused), **parts)


@router.get("/strangers")
async def strangers(request: Request, viewer: Annotated[Viewer, Depends(needs(Do.STRANGERS))]) -> Response:
    """Devices that speak and that nobody has registered."""
    site = site_of(request)
    found = await site.desk.strangers(viewer.account.area)
    homes = {it.household: await site.desk.household(it.household) for it in found if it.household}
    return site.page(request, viewer, "strangers.html", strangers=found, homes=homes)


@router.get("/strangers/assign")
async def assign(
    request: Request, viewer: Installer, bridge: str, inner: str, q: str = "", refused: str = ""
) -> Response:
    """One of them: which home, which room; preselected as far as it can be told."""
    site, q = site_of(request), q.strip()[:100]
    found = await site.desk.stranger(bridge, inner)
    if found is None or not viewer.sees(found.area):
        raise HTTPException(404)
    rows = (
        await site.desk.households(viewer.account.area, q or found.household, MOST_FOUND)
        if q or found.household
        else []
    )
    return site.page(
        request, viewer, "stranger.html", it=found, rows=rows, q=q, refused=_said(viewer, refused), **_choices()
    )


async def home_of(site: Site, viewer: Viewer, key: str) -> tuple[HouseholdView, InstallationView]:
    """A home of the viewer's area.

    Raises:
        HTTPException: 404 when there is none.
    """
    home, done = await site.desk.household(key), await site.desk.installation(key)
    if home is None or done is None or not viewer.sees(home.household.area):
        raise HTTPException(404)
    return home, done


async def cards_of(site: Site, home: HouseholdView) -> list[Card]:
    """A home's devices with their latest tests."""
    latest: dict[str, StepView] = {}
    for step in await site.desk.home_tests(home.household.key):
        latest.setdefault(step.device, step)
    return [Card(view, latest.get(view.device.id)) for view in home.devices]


def _choices() -> dict[str, Any]:
    roles = [role for role in DEVICE_ROLES if role not in OTHER_NAMES["role"]]
    rooms = [room for room in ROOMS if room not in OTHER_NAMES["room"]]
    return {"roles": roles, "rooms": rooms, "avoided": AVOIDED, "label_kinds": LABEL_KINDS}


def _likely_bridge(bridges: Sequence[Bridge], label: Label | None) -> Bridge | None:
    """The home's own hub; for a LoRaWAN label a network server, where there is one."""
    makes = {"lorawan": ("chirpstack", "chirpstack-v3", "the_things_stack"), "zigbee": ("zigbee2mqtt",)}
    wanted = makes.get(label.kind, ()) if label is not None else ()
    fitting = [bridge for bridge in bridges if bridge.adapter in wanted]
    return next(iter([*fitting, *bridges]), None)


def _best(codes: Sequence[str]) -> str:
    """Of several codes on one label the one that names the device."""
    read = [(code, read_label(code)) for code in codes]
    order = ("lorawan", "zigbee", "eui64", "imei", "mac", "iccid", "serial", "product")
    known = [(order.index(it.kind), code) for code, it in read if it is not None]
    return min(known)[1] if known else ""


def _said(viewer: Viewer, refused: str) -> str:
    return viewer.say.refusal(refused) if refused.isidentifier() or refused in REFUSALS else ""


def _to(path: str, **query: str) -> Response:
    return RedirectResponse(f"{path}?{urlencode(query)}", 303)
