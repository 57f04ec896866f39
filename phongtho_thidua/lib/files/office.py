"""Word and Excel files (Office Open XML): no script, no DTD, nothing that is fetched or started on opening."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO
from xml.parsers import expat

from .package import chunks_of, open_package
from .verdict import Refusal

MOST_ROWS = 50_000
MOST_CELLS = 600_000
LAST_ROW, LAST_COLUMN = 100_000, 702  # ZZ: what lies beyond is there to be missed
LONGEST_TEXT = 32_767  # Excel's own limit of a cell

_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_PLAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_XML = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_SCRIPTS = re.compile(r"vbaproject|vbadata|/activex|macrosheets/|/dialogsheets/", re.IGNORECASE)
_FETCHES = re.compile(r"^xl/(connections\.xml|querytables/|webpublish)", re.IGNORECASE)
_LOCAL_PATH = re.compile(r"(file:///)?[A-Za-z]:[\\/]|file:///[^\\/]|[^:/\\]+$")

_UNKNOWN = Refusal("không phải tệp Word (.docx) hay Excel (.xlsx)", "Lưu sang một trong các dạng nhận được")
_MACRO = Refusal("có macro", "Lưu thành .docx hoặc .xlsx thường (không macro) rồi tải lại")
_DTD = Refusal("có khai báo XML lạ", "Mở bằng Word hoặc Excel, lưu lại rồi tải lại")
_NESTED = Refusal("có tệp khác nhúng bên trong", "Tách tệp nhúng ra, tải từng tệp")
_REMOTE = Refusal("lấy nội dung từ nơi khác khi mở", "Bỏ các liên kết ra ngoài, lưu lại rồi tải lại")
_LINKED = Refusal("có liên kết đến bảng tính khác", "Trong Excel chọn Dữ liệu, Sửa liên kết, Ngắt liên kết rồi tải lại")
_DDE = Refusal("có trường gọi chương trình khác (DDE)", "Bỏ trường đó trong Word rồi tải lại")
_LONG = Refusal("có ô hoặc đoạn chữ dài hơn 32.767 ký tự", "Chia nhỏ đoạn chữ rồi tải lại")
_ROWS = Refusal("bảng tính có hơn 50.000 dòng hoặc 600.000 ô", "Xóa dòng thừa, hoặc lưu thành PDF rồi tải lại")
_FAR = Refusal("có ô nằm ngoài vùng cho phép (sau cột ZZ hoặc dòng 100.000)", "Xóa ô đó rồi tải lại")


def check(stream: BinaryIO, size: int, *, to_read: bool = False, depth: int = 0) -> str:
    """`docx` or `xlsx`. Raises Refusal, zipfile.BadZipFile or expat.ExpatError."""
    with open_package(stream, size) as package:
        names = {one.filename.lower(): one for one in package.infolist()}
        kind = next((kind for main, kind in _MAIN.items() if main in names), "")
        if not kind or "[content_types].xml" not in names:
            raise _UNKNOWN
        for name, one in names.items():
            _refuse_name(name, to_read=to_read)
            _read(package, one, _reader_of(name, kind, to_read=to_read), depth)
    return kind


def _refuse_name(name: str, *, to_read: bool) -> None:
    if _SCRIPTS.search(name):
        raise _MACRO
    if _FETCHES.search(name):
        raise _REMOTE
    if to_read and name.startswith("xl/externallinks/"):
        raise _LINKED


def _read(package: zipfile.ZipFile, one: zipfile.ZipInfo, reader, depth: int) -> None:
    """Every byte of every member is unpacked once, so that its checksum is proved."""
    chunks = chunks_of(package, one)
    first = next(chunks, b"")
    if first.startswith(b"PK\x03\x04"):
        _refuse_nested(one, first + b"".join(chunks), depth)
    elif first.startswith((b"\xd0\xcf\x11\xe0", b"MZ")):
        raise _NESTED
    elif reader:
        reader.read(first, chunks)
    for _ in chunks:
        pass


def _refuse_nested(one: zipfile.ZipInfo, data: bytes, depth: int) -> None:
    """A chart of Word carries its own workbook; nothing else in a document is a package."""
    if depth or "/embeddings/" not in one.filename.lower():
        raise _NESTED
    check(BytesIO(data), len(data), depth=depth + 1)


class Reader:
    """Reads one part as XML and refuses a DTD before anything in it counts."""

    def __init__(self):
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.done = False

    def read(self, first: bytes, rest) -> None:
        self.parser.Parse(first)
        for chunk in rest:
            if self.done:
                return  # the prolog is over: no DTD can come any more
            self.parser.Parse(chunk)
        if not self.done:
            self.parser.Parse(b"", True)

    def _doctype(self, *told):
        raise _DTD

    def _start(self, name, attributes):
        self.done = True


class Whole(Reader):
    """Reads to the end: `seen(local name, attributes)` for every element, `text(characters)` between them."""

    def __init__(self, seen: Callable[[str, dict], None], text: Callable[[str], None] | None = None):
        super().__init__()
        self.seen = seen
        self.parser.CharacterDataHandler = text

    def _start(self, name, attributes):
        self.seen(name[name.rfind(" ") + 1 :], attributes)


def _reader_of(name: str, kind: str, *, to_read: bool) -> Reader | None:
    reader = None
    if name == "[content_types].xml":
        reader = Whole(_ContentTypes(kind))
    elif name.endswith(".rels"):
        reader = Whole(_refuse_relationship)
    elif name.startswith("xl/worksheets/"):
        reader = _sheet_reader(to_read=to_read)
    elif name.startswith("xl/externallinks/"):
        reader = Whole(_refuse_dde_link)
    elif name == "xl/sharedstrings.xml":
        reader = Whole(*_Texts().handlers)
    elif kind == "docx" and name.startswith("word/"):
        reader = Whole(*_Fields().handlers)
    return (reader or Reader()) if _XML.search(name) else None


class _ContentTypes:
    def __init__(self, kind: str):
        self.plain = _PLAIN[kind]

    def __call__(self, name: str, attributes: dict) -> None:
        told = attributes.get("ContentType", "").lower()
        if "macroenabled" in told or "vbaproject" in told:
            raise _MACRO
        if attributes.get("PartName", "").lower().lstrip("/") in _MAIN and told != self.plain:
            raise _UNKNOWN


def _refuse_relationship(name: str, attributes: dict) -> None:
    """A hyperlink waits for a click; a template or picture from elsewhere is fetched as soon as the file is opened."""
    if attributes.get("TargetMode", "").lower() != "external":
        return
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    if kind == "hyperlink" or kind.startswith("externallinkpath") or kind == "xlpathmissing":
        return
    if kind == "attachedtemplate" and _LOCAL_PATH.match(attributes.get("Target", "")):
        return
    raise _REMOTE


def _refuse_dde_link(name: str, attributes: dict) -> None:
    if name in ("ddeLink", "oleLink"):
        raise _DDE


class _Texts:
    """Shared strings of a workbook: none longer than a cell of Excel can hold."""

    def __init__(self):
        self.length = 0
        self.handlers = (self.begin, self.add)

    def begin(self, name: str, attributes: dict) -> None:
        if name == "si":
            self.length = 0

    def add(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            raise _LONG


class _Fields:
    """Field codes of a Word part; one may be cut into many runs, so they are joined as they come."""

    def __init__(self):
        self.code, self.inside = "", False
        self.handlers = (self.begin, self.add)

    def begin(self, name: str, attributes: dict) -> None:
        self.inside = name == "instrText"
        if name == "fldChar":
            self.code = ""
        for key, value in attributes.items():
            if key.endswith(" instr"):
                self._refuse(value)

    def add(self, text: str) -> None:
        if self.inside and len(self.code) < LONGEST_TEXT:
            self.code += text
            self._refuse(self.code)

    @staticmethod
    def _refuse(code: str) -> None:
        if re.search(r"\bDDE(AUTO)?\b", code, re.IGNORECASE):
            raise _DDE


def _sheet_reader(*, to_read: bool) -> Reader:
    cells = _Cells(to_read=to_read)
    reader = Whole(cells.begin, cells.add)
    reader.parser.EndElementHandler = cells.end if to_read else None
    return reader


class _Cells:
    """Counts what is there, whatever `<dimension>` says."""

    def __init__(self, *, to_read: bool):
        self.rows = self.cells = self.length = 0
        self.place, self.formula, self.value = "", False, False
        self.to_read = to_read

    def begin(self, name: str, attributes: dict) -> None:
        if name == "c":
            self.cells += 1
            self.place, self.formula, self.value, self.length = attributes.get("r", ""), False, False, 0
            if self.cells > MOST_CELLS:
                raise _ROWS
            if len(self.place) > 6 or self.place[2:3].isalpha():
                self._refuse_far()
        elif name == "row":
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise _ROWS
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.value = True

    def add(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_TEXT and text.strip():
            raise _LONG

    def end(self, name: str) -> None:
        if name.endswith(" c") and self.formula and not self.value:
            place = self.place if re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", self.place) else "không rõ"
            raise Refusal(f"ô {place} là công thức chưa có kết quả", "Mở bằng Excel, lưu lại, hoặc dán dạng giá trị")

    def _refuse_far(self) -> None:
        found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", self.place)
        if not found or len(found[1]) > 2 or int(found[2]) > LAST_ROW:
            raise _FAR
