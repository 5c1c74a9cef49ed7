"""A photo of the scene, taken by whoever was sent: kept with the incident, sealed, for as long as photos of visits."""

from __future__ import annotations

from starlette.datastructures import FormData

from alerting.commands import Note
from dashboard.photos import photo_in
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.contract import Answer, IncidentView

MOST = 6
"""So many are kept of one incident."""


async def keep_scene(site: Site, view: IncidentView, form: FormData, by: str, say: Speech) -> Answer:
    """Keep the photo of a form, and say so in the timeline; the same form sent twice keeps it once."""
    incident = view.incident
    photo = await photo_in(form)
    if view.home is None or not photo or isinstance(photo, str):
        return Answer(incident=incident.id, refused=photo if isinstance(photo, str) and photo else "not_a_photo")
    note = Note(key=incident.key, incident=incident.id, by=by, text=say.gettext(mark("Photo of the scene")))
    if len(await site.desk.scene_photos(incident.key, incident.id)) >= MOST:
        return Answer(incident=incident.id, refused="enough_photos")
    if not await site.desk.keep_scene_photo(incident.key, incident.id, by, photo):
        return Answer(incident=incident.id, refused="scene_not_kept")
    return await site.desk.submit(note, once=str(form.get("once", "")))
