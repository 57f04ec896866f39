"""PDF: structure only, through qpdf. No page is drawn, no content is decompressed."""

import re
import time
from typing import BinaryIO

import pikepdf
from pikepdf import settings

from .verdict import Refusal

MOST_PAGES = 2_000
MOST_OBJECTS = 400_000
PATIENCE = 4.0  # seconds

# Streams that qpdf itself must unpack to find the objects: one of 1 GB took 8.7 s and 1.2 GB of memory without a limit.
settings.set_qpdf_limits(
    flate_max_memory=64 << 20,
    png_max_memory=64 << 20,
    tiff_max_memory=64 << 20,
    run_length_max_memory=64 << 20,
    max_stream_filters=4,
)

_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]*>", re.DOTALL)
_ACTIVE = re.compile(rb"/(JavaScript|JS|XFA|Launch|ImportData|RichMedia|EmbeddedFiles?)(?![\w#.-])")
_REFUSALS = {
    b"Launch": Refusal("có lệnh mở chương trình khác", "In ra PDF mới (Microsoft Print to PDF) rồi tải lại"),
    b"EmbeddedFile": Refusal("có tệp khác nhúng bên trong", "Tách tệp nhúng ra, tải từng tệp"),
}
_REFUSALS[b"EmbeddedFiles"] = _REFUSALS[b"RichMedia"] = _REFUSALS[b"EmbeddedFile"]
_REFUSALS[b"ImportData"] = _REFUSALS[b"Launch"]
_SCRIPT = Refusal("có mã lệnh bên trong", "In ra PDF mới (Microsoft Print to PDF) rồi tải lại")
_LOCKED = Refusal("có mật khẩu bảo vệ", "Bỏ mật khẩu rồi tải lại")
_DAMAGED = Refusal("PDF hỏng hoặc tải lên chưa đủ", "Mở tệp trên máy, in ra PDF mới rồi tải lại")
_TOO_LONG = Refusal("PDF có hơn 2.000 trang", "Chia thành nhiều tệp rồi tải lại")
_TOO_INTRICATE = Refusal("cấu trúc PDF quá phức tạp", "In ra PDF mới (Microsoft Print to PDF) rồi tải lại")


def check(stream: BinaryIO) -> None:
    """Raises Refusal: locked, damaged, too long, or with something in it that acts by itself."""
    try:
        with pikepdf.open(stream, attempt_recovery=False, inherit_page_attributes=False) as document:
            _refuse_endless(document)
            _refuse_active(document)
            if any("memory limit" in warning for warning in document.get_warnings()):
                raise _TOO_INTRICATE  # what could not be unpacked here would act in other readers
    except pikepdf.PasswordError:
        raise _LOCKED from None
    except pikepdf.PdfError:
        raise _DAMAGED from None


def _refuse_active(document: pikepdf.Pdf) -> None:
    until = time.monotonic() + PATIENCE
    for number, thing in enumerate(document.objects):
        if number > MOST_OBJECTS or time.monotonic() > until:
            raise _TOO_INTRICATE
        if found := _ACTIVE.search(_STRING.sub(b"", _written(thing))):
            raise _REFUSALS.get(found[1], _SCRIPT)


def _written(thing) -> bytes:
    """The object as qpdf writes it: names without escapes, strings in one form, what it refers to left out."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    return thing.unparse(resolved=True) if isinstance(thing, pikepdf.Object) else b""


def _refuse_endless(document: pikepdf.Pdf) -> None:
    """Counts the leaves of the page tree itself: `/Count` is only what the file says of itself."""
    waiting, pages, steps = [document.Root.Pages], 0, 0
    while waiting:
        node, steps = waiting.pop(), steps + 1
        kids = node.get("/Kids")
        if kids is None:
            pages += 1
        elif len(kids) + pages > MOST_PAGES:
            raise _TOO_LONG
        else:
            waiting.extend(kids)
        if pages > MOST_PAGES or steps > 2 * MOST_PAGES:
            raise _TOO_LONG
    if not pages:
        raise _DAMAGED
