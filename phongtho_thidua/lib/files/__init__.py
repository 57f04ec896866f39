"""Files that people hand in: judged by what is in them, never by their name; limits come before parsing.

`examine` is the one door. It knows no models, opens no connection, starts no process, and unpacks nothing to the disk.
"""

import logging
from typing import BinaryIO

from . import office, pdf, pictures
from .names import clean_name
from .verdict import LARGEST, Refusal, Verdict

__all__ = ["LARGEST", "Verdict", "clean_name", "examine"]

logger = logging.getLogger(__name__)

_TOO_LARGE = Refusal("lớn hơn 20 MB", "Chia nhỏ hoặc quét với độ phân giải thấp hơn rồi tải lại")
_EMPTY = Refusal("tệp trống", "Mở tệp trên máy xem có nội dung không, rồi tải lại")
_UNKNOWN = Refusal("không phải PDF, Word (.docx), Excel (.xlsx), ảnh JPG hay PNG", "Lưu sang một trong các dạng đó")
_UNREADABLE = Refusal("tệp hỏng hoặc tải lên chưa đủ", "Mở tệp trên máy, lưu lại rồi tải lại")
_OLD_OFFICE = Refusal("là Word, Excel dạng cũ (.doc, .xls)", "Lưu thành .docx hoặc .xlsx rồi tải lại")
_LOCKED = Refusal("có mật khẩu bảo vệ", "Bỏ mật khẩu rồi tải lại")

_PDF, _PNG, _JPG, _ZIP, _OLE = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def examine(stream: BinaryIO, name: str, *, to_read: bool = False) -> Verdict:
    """What `stream` is, and why it is refused if it is. `to_read` is a workbook whose cells will be taken as data:
    then formulas without a result and links to other workbooks are refused too.

    A PDF begins with `%PDF-` at its first byte; readers that search the first kilobyte also accept what begins as
    something else.
    """
    try:
        kind, cleaned = _judge(stream, to_read=to_read)
    except Refusal as refusal:
        return Verdict(refused=str(refusal))
    except Exception as error:  # whatever a parser makes of hostile bytes, the answer is a refusal in words
        logger.info("a file could not be read: %r", error)
        return Verdict(refused=str(_UNREADABLE))
    return Verdict(kind=kind, name=clean_name(name, kind), cleaned=cleaned)


def _judge(stream: BinaryIO, *, to_read: bool) -> tuple[str, bytes | None]:
    size = stream.seek(0, 2)
    if size > LARGEST:
        raise _TOO_LARGE
    if size < 2:
        raise _EMPTY
    stream.seek(0)
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(_PDF):
        pdf.check(stream)
        return "pdf", None
    if head.startswith(_ZIP):
        return office.check(stream, size, to_read=to_read), None
    if head == _PNG:
        return "png", pictures.clean_png(stream.read())
    if head.startswith(_JPG):
        return "jpg", pictures.clean_jpeg(stream.read())
    if head.startswith(_OLE):
        raise _LOCKED if _ENCRYPTED_PACKAGE in stream.read() else _OLD_OFFICE
    raise _UNKNOWN
