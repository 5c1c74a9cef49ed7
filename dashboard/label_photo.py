"""The codes in a photo of a label, read on the server: a telephone's browser need not know how."""

from __future__ import annotations

import zxingcpp

from dashboard.photos import opened

READ_AT = (2200, 1200)
"""Longest sides at which a photo is read, in pixels: the second where the first has found nothing."""


def codes_in(photo: bytes) -> list[str]:
    """The texts of all QR, data-matrix and bar codes in a picture. Takes a moment: not for the event loop.

    Raises:
        NotAPhotoError: It is no picture, or too large a one.
    """
    picture = opened(photo).convert("L")
    for side in READ_AT:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        found = [code.text for code in zxingcpp.read_barcodes(smaller) if code.text]
        if found:
            return list(dict.fromkeys(found))
    return []
