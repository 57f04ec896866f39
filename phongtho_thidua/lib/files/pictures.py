"""Pictures: size asked before decoding; place, device, comments and everything behind the picture are left out."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, JpegImagePlugin
from PIL.Image import Transpose

from .verdict import Refusal

MOST_PIXELS = 40_000_000
MOST_SCANS = 25

_TOO_WIDE = Refusal("ảnh lớn hơn 40 triệu điểm ảnh", "Thu nhỏ ảnh rồi tải lại")
_CUT = Refusal("ảnh hỏng hoặc tải lên chưa đủ", "Mở ảnh trên máy, lưu lại rồi tải lại")

_ORIENTATION = 0x0112
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_SCAN, _END = 0xDA, 0xD9
# What draws the picture; text, time, EXIF, animation and private chunks are not among them.
_DRAWS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)


def clean_png(data: bytes) -> bytes:
    """The same pixels in the chunks that draw them; of an animation the first picture. Raises Refusal."""
    kept, seen, at, exif = [data[:8]], set(), 8, b""
    while b"IEND" not in seen:
        kind, chunk = _chunk(data, at)
        if kind == b"IHDR":
            _refuse_wide(int.from_bytes(chunk[8:12]), int.from_bytes(chunk[12:16]))
        elif b"IHDR" not in seen:
            raise _CUT
        if kind in _DRAWS:
            kept.append(chunk)
        elif kind == b"eXIf":
            exif = chunk[8:-4]
        seen.add(kind)
        at += len(chunk)
    return _upright(b"".join(kept), exif, "PNG")


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes]:
    length = int.from_bytes(data[at : at + 4])
    chunk = data[at : at + 12 + length]
    if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
        raise _CUT
    return chunk[4:8], chunk


def clean_jpeg(data: bytes) -> bytes:
    """The same compressed pixels without EXIF, XMP, IPTC, comments and what stands behind the end. Raises Refusal."""
    kept, scans, exif = [data[:2]], 0, b""
    for marker, segment in _segments(data):
        if marker in _FRAMES:
            _refuse_wide(int.from_bytes(segment[7:9]), int.from_bytes(segment[5:7]))
        scans += marker == _SCAN
        if scans > MOST_SCANS:
            raise _CUT
        if _jpeg_draws(marker, segment[4:]):
            kept.append(segment)
        elif segment[4:10] == b"Exif\0\0":
            exif = segment[10:]
    return _upright(b"".join(kept), exif, "JPEG")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) up to the end of the picture; a scan comes with its pixels."""
    marker, at = 0, 2
    while marker != _END:
        found = _NEXT_MARKER.match(data, at)
        if not found:
            raise _CUT
        marker, start = found[1][0], found.end() - 2
        at = _end_of_segment(data, marker, found.end())
        yield marker, data[start:at]


def _end_of_segment(data: bytes, marker: int, at: int) -> int:
    if marker == _END:
        return at
    length = int.from_bytes(data[at : at + 2])
    if length < 2 or at + length > len(data):
        raise _CUT
    if marker != _SCAN:
        return at + length
    behind = _NEXT_MARKER.search(data, at + length)
    if not behind:
        raise _CUT
    return behind.start()


def _jpeg_draws(marker: int, payload: bytes) -> bool:
    """JFIF without a thumbnail, the colour profile and Adobe's transform change how the picture looks."""
    match marker:
        case 0xE0:
            return payload.startswith(b"JFIF\0") and len(payload) == 14
        case 0xE2:
            return payload.startswith(b"ICC_PROFILE\0")
        case 0xEE:
            return payload.startswith(b"Adobe")
        case _:
            return not 0xE0 <= marker <= 0xEF and marker != 0xFE


def _refuse_wide(width: int, height: int) -> None:
    if not width or not height:
        raise _CUT
    if width * height > MOST_PIXELS:
        raise _TOO_WIDE


def _upright(data: bytes, exif: bytes, form: str) -> bytes:
    """`data`, unless its owner's camera held it askew: then it is turned, and compressed as finely as before."""
    turn = _TURNS.get(_orientation(exif))
    with Image.open(BytesIO(data), formats=[form]) as picture:
        if turn is not None:
            return _turned(picture, turn, form)
        picture.draft(picture.mode, (picture.width // 8, picture.height // 8))
        picture.load()  # what cannot be drawn is not kept
    return data


def _orientation(exif: bytes) -> int:
    """What the camera noted in the first directory of the EXIF data; 1, upright, when it says nothing legible."""
    try:
        order = {b"II": "<", b"MM": ">"}[exif[:2]]
        (at,) = struct.unpack_from(f"{order}L", exif, 4)
        (number,) = struct.unpack_from(f"{order}H", exif, at)
        for start in range(at + 2, at + 2 + 12 * number, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHLH", exif, start)
            if tag == _ORIENTATION:
                return value
    except (KeyError, struct.error):
        pass
    return 1


def _turned(picture: Image.Image, turn: Transpose, form: str) -> bytes:
    how = {"icc_profile": picture.info.get("icc_profile")}
    if form == "JPEG":
        how |= {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
    out, turned = BytesIO(), picture.transpose(turn)
    turned.info.clear()
    turned.save(out, form, **how)
    return out.getvalue()
