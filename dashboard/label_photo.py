"""The codes in a photo of a label, read on the server: a telephone's browser need not know how."""

from __future__ import annotations

import io
import warnings

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 12_000_000
MOST_PIXELS = 60_000_000
READ_AT = (2200, 1200)
"""Longest sides at which a photo is read, in pixels: the second where the first has found nothing."""


class NotAPhotoError(Exception):
    """The bytes are no picture that can be opened."""


def codes_in(photo: bytes) -> list[str]:
    """The texts of all QR, data-matrix and bar codes in a picture. Takes a moment: not for the event loop.

    Raises:
        NotAPhotoError: It is no picture, or too large a one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            opened = Image.open(io.BytesIO(photo))
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPhotoError("too large")
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Warning, SyntaxError) as wrong:
        raise NotAPhotoError(str(wrong)) from wrong
    for side in READ_AT:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        found = [code.text for code in zxingcpp.read_barcodes(smaller) if code.text]
        if found:
            return list(dict.fromkeys(found))
    return []
