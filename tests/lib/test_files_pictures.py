"""What is taken out of a picture, and that nothing else changes in it."""

import io

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from phongtho_thidua.lib.files import examine
from phongtho_thidua.lib.files.names import LONGEST, clean_name
from tests.lib import hostile

PRIVATE = (
    b"Exif",
    b"GPS",
    b"script",
    b"php",
    b"May anh mau",
    b"ghi chu rieng",
    b"film",
    b"fcTL",
    b"fdAT",
    b"tEXt",
    b"PK\x03",
)


def cleaned(data: bytes) -> bytes:
    return examine(io.BytesIO(data), "x").cleaned


def pixels(data: bytes):
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size, picture.tobytes()


@pytest.mark.parametrize("number", ["6", "7", "11"])
def test_text_place_device_and_what_stands_behind_are_gone(number):
    data = hostile.CORPUS[number]()
    assert any(mark in data for mark in PRIVATE)
    assert [mark for mark in PRIVATE if mark in cleaned(data)] == []


def test_a_photograph_loses_its_place_and_no_pixel():
    data = hostile.photograph()
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(cleaned(data))) as after:
        assert before.getexif().get_ifd(0x8825)
        assert not after.getexif()
    assert pixels(cleaned(data)) == pixels(data)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_held_askew_is_turned_before_the_note_about_it_goes(orientation):
    data = hostile.photograph(orientation=orientation)
    after = cleaned(data)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(after)) as turned:
        right = ImageOps.exif_transpose(before)
        assert not turned.getexif()
        assert turned.size == right.size
        apart = max(
            abs(a - b) for a, b in zip(right.convert("L").tobytes(), turned.convert("L").tobytes(), strict=True)
        )
    assert apart <= 6  # compressed a second time, as finely as the first


def test_png_pixels_stay_and_its_colours_too():
    picture, note, out = Image.linear_gradient("L").convert("RGBA"), PngImagePlugin.PngInfo(), io.BytesIO()
    note.add_text("Author", "Lò Thị Hạnh")
    picture.save(out, "PNG", pnginfo=note, dpi=(300, 300))
    after = cleaned(out.getvalue())
    assert pixels(after) == pixels(out.getvalue())
    assert b"Author" not in after
    with Image.open(io.BytesIO(after)) as kept:
        assert round(kept.info["dpi"][0]) == 300


@pytest.mark.parametrize("data", [hostile.photograph()[:400], hostile.photograph()[:-40], b"\xff\xd8\xff\xd9"])
def test_a_cut_jpeg_is_refused_in_words(data):
    assert "hỏng" in examine(io.BytesIO(data), "anh.jpg").refused


# name as it came, kind by content, name as it is shown
NAMES = [
    (r"..\..\x.pdf", "pdf", "x.pdf"),
    ("../../etc/x.pdf", "pdf", "x.pdf"),
    ("x.pdf%00.html", "pdf", "x.pdf%00.html.pdf"),
    ("x.pdf\0.html", "pdf", "x.pdf.html.pdf"),
    ("CON.pdf", "pdf", "_CON.pdf"),
    ("nul", "xlsx", "_nul.xlsx"),
    (".htaccess", "pdf", "htaccess.pdf"),
    ("Biên bản " + "dài " * 100 + ".docx", "docx", None),
    ("hóa đơn\u202efdp.exe", "pdf", "hóa đơnfdp.exe.pdf"),
    ("Bie\u0302n ba\u0309n.pdf", "pdf", "Biên bản.pdf"),
    ("ảnh 📷.jpeg", "jpg", "ảnh 📷.jpeg"),
    ("x.pdf.", "pdf", "x.pdf"),
    ('a;b"c\r\nX: y.pdf', "pdf", "a;b-c X- y.pdf"),
    ("", "png", "tệp.png"),
    ("bảng.pdf", "xlsx", "bảng.pdf.xlsx"),
]


@pytest.mark.parametrize(("name", "kind", "shown"), NAMES)
def test_a_name_is_data_and_tells_what_the_file_is(name, kind, shown):
    found = clean_name(name, kind)
    assert found == shown if shown else len(found) <= LONGEST
    assert clean_name(found, kind) == found
