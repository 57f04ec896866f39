"""Zip packages, read without trusting what they say of themselves: nothing is unpacked before its bounds are known."""

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from .verdict import Refusal

MOST_MEMBERS = 3_000
LARGEST_WHOLE = 120 << 20  # bytes, all members unpacked
LARGEST_RATIO = 200  # unpacked to packed, of a member above SMALL
SMALL = 1 << 20
CHUNK = 1 << 18

_BOMB = Refusal("tệp nén phình ra quá lớn", "Bỏ bớt hình, trang tính rồi lưu lại")
_TOO_MANY = Refusal("có quá nhiều phần bên trong", "Lưu lại bằng Word hoặc Excel rồi tải lại")
_FORGED = Refusal("cấu trúc tệp sai lệch", "Mở bằng Word hoặc Excel, lưu lại rồi tải lại")
_LOCKED = Refusal("có mật khẩu bảo vệ", "Bỏ mật khẩu rồi tải lại")

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ESCAPES = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|\\|\0")


def open_package(stream: BinaryIO, size: int) -> zipfile.ZipFile:
    """The package behind `stream`, once its directory was found honest. Raises Refusal or zipfile.BadZipFile."""
    directory_at = _end_of_members(stream, size)
    package = zipfile.ZipFile(stream)
    _refuse_members(package.infolist())
    _refuse_overlaps(stream, package.infolist(), directory_at)
    return package


def _end_of_members(stream: BinaryIO, size: int) -> int:
    """Where the central directory begins. Asked before zipfile reads it: 100.000 members cost nothing to write."""
    tail = min(size, _END.size + 0xFFFF)
    stream.seek(size - tail)
    data = stream.read(tail)
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) - at < _END.size:
        raise _FORGED
    _, _, _, _, members, _, directory_at, comment = _END.unpack_from(data, at)
    if members > MOST_MEMBERS:
        raise _TOO_MANY
    if at + _END.size + comment != len(data):
        raise _FORGED
    stream.seek(0)
    return directory_at


def _refuse_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _TOO_MANY
    if any(one.flag_bits & 1 for one in members):
        raise _LOCKED
    if sum(one.file_size for one in members) > LARGEST_WHOLE or any(map(_is_bomb, members)):
        raise _BOMB
    if any(map(_leaves_its_place, members)):
        raise _FORGED
    if len({one.filename.lower() for one in members}) != len(members):
        raise _FORGED


def _is_bomb(one: zipfile.ZipInfo) -> bool:
    return one.file_size > SMALL and one.file_size > LARGEST_RATIO * max(one.compress_size, 1)


def _leaves_its_place(one: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(one.external_attr >> 16)
    odd = one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return bool(is_link or odd or _ESCAPES.search(one.orig_filename))


def _refuse_overlaps(stream: BinaryIO, members: list[zipfile.ZipInfo], directory_at: int) -> None:
    """Every member begins where the one before has ended, and its own header tells the same as the directory."""
    free_from = 0
    for one in sorted(members, key=lambda one: one.header_offset):
        if one.header_offset < free_from or (not free_from and one.header_offset):
            raise _FORGED
        stream.seek(one.header_offset)
        mark, _, flags, method, _, _, _, packed, whole, name, extra = _LOCAL.unpack(stream.read(_LOCAL.size))
        told = {packed, whole} - {0xFFFFFFFF}
        if mark != b"PK\x03\x04" or method != one.compress_type or len(stream.read(name)) != name:
            raise _FORGED
        if not flags & 8 and told - {one.compress_size, one.file_size}:
            raise _FORGED
        free_from = one.header_offset + _LOCAL.size + name + extra + one.compress_size
    if free_from > directory_at:
        raise _FORGED


def chunks_of(package: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member. zipfile stops at the size that was declared, and raises when the checksum disagrees."""
    with package.open(one) as member:
        while chunk := member.read(CHUNK):
            yield chunk
