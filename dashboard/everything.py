"""Everything that is kept about a household, for whoever it is about: one file, for people and for machines."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from dashboard.case_told import in_words, names_of
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.timeline_words import tell
from gateway.care.photos_asked import PhotoOf
from gateway.desk.contract import HouseholdView

MOST = 100_000
ACTIVITY_DAYS = 800
"""Movement is kept for 24 months at least: more than is looked back."""


async def everything_about(site: Site, say: Speech, home: HouseholdView) -> dict[str, Any]:
    """All of it by kind: the case file, its history, who looked into it, incidents with timelines, notes, movement."""
    desk, key = site.desk, home.household.key
    file = msgspec.to_builtins(home.household)
    for someone, shown in zip(home.household.residents, file.get("residents", []), strict=True):
        shown.pop("sealed_id", None)
        shown["id_number"] = desk.opened_id(someone.sealed_id)
    incidents: list[dict[str, Any]] = []
    for id_ in await desk.incident_ids(key):
        view = await desk.incident(id_)
        if view is not None:
            names = {id_: it.name for id_, it in view.people.items()}
            lines = [tell(entry, say, lambda login: login, names) for entry in view.timeline]
            incidents.append({"incident": view.incident, "timeline": lines})
    now, fields = desk.now(), in_words(home.household, say, await names_of(site), desk.opened_id)
    windows = await desk.activity(key, now - timedelta(days=ACTIVITY_DAYS), now)
    days = Counter(site.times.local(it.start).date().isoformat() for it in windows)
    return {
        "made_at": now.isoformat(),
        "fields": {say.case_place(name): text for name, text in fields.items() if text},
        "case_file": file,
        "history": [msgspec.to_builtins(it) for it in await desk.registrations("household", key, MOST)],
        "openings": list(await desk.openings(key, MOST)),
        "incidents": incidents,
        "notes": list(home.notes),
        "absences": [msgspec.to_builtins(it) for it in await desk.absences_past(key, MOST)],
        "visits": [msgspec.to_builtins(it) for it in await desk.care_given(key, MOST)],
        "early_warnings": [msgspec.to_builtins(it) for it in await desk.warnings_of([key], all_of_them=True)],
        "referrals": [msgspec.to_builtins(it) for it in await desk.referrals_of([key], all_of_them=True)],
        "devices": [_device(it.device.role, it.device.room, it.device.model) for it in home.devices],
        "active_five_minutes_by_day": dict(sorted(days.items())),
    }


def _device(role: str, room: str, model: str) -> dict[str, str]:
    return {"role": role, "room": room, "model": model}


async def photos_of(site: Site, key: str) -> dict[str, bytes]:
    """The photos of a household by file name: those of the case file, and of its visits."""
    desk = site.desk
    found = {f"{what.value}.jpg": await desk.home_photo(key, what) for what in PhotoOf}
    found |= {f"visit-{n}.jpg": await desk.visit_photo(key, n) for n in await desk.visits_with_photo(key)}
    scenes = await desk.scene_photos(key)
    found |= {f"scene-{it.incident}-{it.name}.jpg": await desk.scene_photo(key, it.incident, it.name) for it in scenes}
    return {name: photo for name, photo in found.items() if photo}


def zipped(about: dict[str, Any], page: str, photos: Mapping[str, bytes]) -> bytes:
    """All of it in one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("everything.json", msgspec.json.format(msgspec.json.encode(about), indent=1))
        file.writestr("index.html", page)
        for name, photo in photos.items():
            file.writestr(f"photos/{name}", photo)
    return made.getvalue()
