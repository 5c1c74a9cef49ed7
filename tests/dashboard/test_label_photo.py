"""A label is read from a photo as telephones take them: turned, grey, with noise; anything else is refused."""

from __future__ import annotations

import io

import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw

from dashboard.label_photo import codes_in
from dashboard.photos import NotAPhotoError

CODE = "LW:D0:70B3D57ED0000001:A840410000000042:00010002"


def photo(*parts: Image.Image, angle: float = 7.0, kind: str = "JPEG") -> bytes:
    """Labels on a wall, not quite straight."""
    wall = Image.new("RGB", (1600, 1200), "#b7b09f")
    ImageDraw.Draw(wall).rectangle((0, 900, 1600, 1200), fill="#6d5f4c")
    for nth, part in enumerate(parts):
        wall.paste(part, (200 + nth * 650, 260))
    out = io.BytesIO()
    wall.rotate(angle, fillcolor="#b7b09f", expand=True).save(out, kind, **({"quality": 70} if kind == "JPEG" else {}))
    return out.getvalue()


def qr(text: str) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=8, border=4, light="#efe9da", dark="#332e28")
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def bars(text: str) -> Image.Image:
    picture = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=4)
    return Image.fromarray(picture) if not isinstance(picture, Image.Image) else picture


@pytest.mark.parametrize("angle", [0.0, 7.0, 90.0, 183.0])
def test_the_code_of_a_label_is_read_however_it_hangs(angle: float) -> None:
    assert codes_in(photo(qr(CODE), angle=angle)) == [CODE]


def test_several_codes_of_one_label_are_all_read() -> None:
    assert set(codes_in(photo(qr(CODE), qr("6901234567892")))) == {CODE, "6901234567892"}


def test_a_photo_without_a_code_says_nothing() -> None:
    assert codes_in(photo()) == []


@pytest.mark.parametrize(
    "bytes_", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50], ids=["empty", "text", "cut"]
)
def test_what_is_no_picture_is_refused(bytes_: bytes) -> None:
    with pytest.raises(NotAPhotoError):
        codes_in(bytes_)
