"""Photos that people take, opened and made small on the server: a telephone's browser need not know how."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.datastructures import FormData, UploadFile

MOST_BYTES = 12_000_000
MOST_PIXELS = 60_000_000
KEPT_BYTES = 300_000
"""A photo that is kept is no larger."""
SHAPES = ((1280, 75), (1280, 60), (960, 60), (720, 50), (480, 40))
"""Longest side, pixels, and quality, tried in turn until a photo is small enough."""
SENT = "data:image/jpeg;base64,"
"""Before a photo that the browser has made small itself."""


class NotAPhotoError(Exception):
    """The bytes are no picture that can be opened."""


def opened(photo: bytes) -> Image.Image:
    """A picture the right way up, whatever its format.

    Raises:
        NotAPhotoError: It is no picture, or too large a one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = Image.open(io.BytesIO(photo))
            if found.width * found.height > MOST_PIXELS:
                raise NotAPhotoError("too large")
            return ImageOps.exif_transpose(found)
    except (UnidentifiedImageError, OSError, ValueError, Warning, SyntaxError) as wrong:
        raise NotAPhotoError(str(wrong)) from wrong


def made_small(photo: bytes) -> bytes:
    """A photo as it may be kept: a small JPEG of the picture alone, without where and by what it was taken.

    Takes a moment: not for the event loop.

    Raises:
        NotAPhotoError: It is no picture, or too large a one.
    """
    picture = opened(photo).convert("RGB")
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)  # the picture alone: what a file says beside it stays behind
    kept = b""
    for side, quality in SHAPES:
        smaller = bare.copy()
        smaller.thumbnail((side, side))
        file = io.BytesIO()
        smaller.save(file, "JPEG", quality=quality, optimize=True)
        kept = file.getvalue()
        if len(kept) <= KEPT_BYTES:
            return kept
    raise NotAPhotoError("it does not become small")


def sent_small(text: str) -> bytes:
    """A photo out of a field of a form; empty where there is none.

    Raises:
        NotAPhotoError: What is there is none.
    """
    if not text:
        return b""
    if not text.startswith(SENT) or len(text) > MOST_BYTES:
        raise NotAPhotoError("not a photo")
    try:
        return base64.b64decode(text.removeprefix(SENT), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise NotAPhotoError(str(wrong)) from wrong


async def photo_in(form: FormData) -> bytes | str:
    """The photo of a form, made small; empty where there is none, or the word of what is wrong with it."""
    file = form.get("photo")
    taken = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    if len(taken) > MOST_BYTES:
        return "photo_too_large"
    try:
        taken = taken or sent_small(str(form.get("photo_data", "")))
        return await asyncio.to_thread(made_small, taken) if taken else b""
    except NotAPhotoError:
        return "not_a_photo"
