"""A workbook that came back, read by the names of its cells. Trusts nothing: what it holds is told, not believed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_from_string

from phongtho_thidua.lib.files import examine
from phongtho_thidua.lib.vietnamese import clean_text
from reports.documents.workbook import identity_of
from reports.models import AnnualReport
from reports.selectors.workbook import ABOUT, FORMAT, Item, Unreadable, read
from units.models import Unit

LARGEST = 5 * 1024 * 1024  # bytes of the file; a full workbook of the largest form has 60 kB
_LARGEST_UNPACKED = 3 * 1024 * 1024  # bytes of all its XML: the reader needs some 50 times as much
_REFUSED = "Không nhận tệp này: "
_IN_TEMPLATE = "Tải tệp Excel ở trang này rồi điền vào tệp ấy."


class Refused(ValueError):
    """The whole file cannot be read back into this report; the sentence says why and what is needed."""

    def __init__(self, why: str):
        super().__init__(f"{_REFUSED}{why}")


@dataclass(frozen=True)
class Fault:
    """One cell that must be put right: where it is and what is wrong there."""

    place: str
    words: str

    def __str__(self):
        return f"{self.place}: {self.words}"

    @property
    def order(self) -> tuple:
        """Sheet by sheet, row by row, as somebody goes through the file."""
        sheet, _, cell = self.place.rpartition("!")
        letters = cell.rstrip("0123456789")
        return sheet, int(cell[len(letters) :] or 0), letters


@dataclass(frozen=True)
class Seen:
    """Which version of an answer the file was made from, and the digest of what its cells held then."""

    version: int
    digest: str


@dataclass(frozen=True)
class Told:
    """What the file says on one answer: `texts` by field in the words of its form, `places` by field for refusals."""

    item: Item
    seen: Seen
    texts: dict[str, str]
    places: dict[str, str]


def examined(content: bytes, name: str) -> None:
    """Refuses, before anything is parsed, what is no workbook or would be too much to read."""
    if len(content) > LARGEST:
        raise Refused("nặng hơn 5 MB, mà tệp tải từ trang báo cáo không tới 1 MB. Bỏ ảnh và trang thêm vào.")
    verdict = examine(BytesIO(content), name)
    if verdict.refused:
        raise Refused(verdict.refused.removeprefix(_REFUSED))
    if verdict.kind != "xlsx":
        raise Refused(f"không phải tệp Excel (.xlsx). {_IN_TEMPLATE}")
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    if sum(part.file_size for part in parts if part.filename.endswith(".xml")) > _LARGEST_UNPACKED:
        raise Refused(f"bên trong quá lớn so với một báo cáo. {_IN_TEMPLATE}")
    if any(part.filename.lower().startswith("xl/externallinks/") for part in parts):
        raise Refused("có liên kết đến bảng tính khác. Bỏ liên kết (Dữ liệu, Sửa liên kết) rồi tải lại.")


class Reading:
    """An opened workbook of `report`. `faults` grows while cells are read. Raises Refused."""

    def __init__(self, content: bytes, name: str, report: AnnualReport):
        examined(content, name)
        try:
            self._book = load_workbook(BytesIO(content))
            self._names = {name: list(defined.destinations) for name, defined in self._book.defined_names.items()}
        except Exception:  # openpyxl answers a broken part with whatever it stumbles over
            raise Refused(f"tệp hỏng, không mở được. {_IN_TEMPLATE}") from None
        self.faults: list[Fault] = []
        self._rows = self._read_about()
        self._refuse_others(report)
        self._merged = {sheet.title: list(sheet.merged_cells.ranges) for sheet in self._sheets()}

    def _sheets(self) -> Iterator:
        return (sheet for sheet in self._book.worksheets)

    def _read_about(self) -> dict[str, tuple]:
        cell = self._cell(ABOUT)
        if cell is None:
            raise Refused(f"không phải tệp tải từ trang báo cáo. {_IN_TEMPLATE}")
        rows = cell.parent.iter_rows(max_row=2_000, max_col=3, values_only=True)
        return {str(row[0]): row[1:] for row in rows if len(row) == 3 and row[0] is not None}

    def _refuse_others(self, report: AnnualReport) -> None:
        told = {name: self._about(name) for name in identity_of(report)}
        needed = identity_of(report)
        if told["format"] != needed["format"]:
            raise Refused(f"theo mẫu cũ. Cần mẫu {FORMAT}: tải tệp mới ở trang này, chép phần đã điền sang.")
        if (told["unit"], told["year"]) != (needed["unit"], needed["year"]):
            whose = Unit.objects.filter(key=told["unit"]).first()
            whose = f"báo cáo năm {told['year'][:10]} của {whose.name if whose else 'đơn vị khác'}"
            raise Refused(f"đây là {whose}. Cần tệp của báo cáo năm {needed['year']}, {report.unit.name}.")
        if told["criteria_set"] != needed["criteria_set"]:
            raise Refused(f"theo bộ tiêu chí khác. Cần {report.criteria_set}: tải tệp mới, chép phần đã điền sang.")
        if told["report"] != needed["report"] or told["version"] != needed["version"]:
            raise Refused(
                "báo cáo đã qua bước khác (nộp, rút hoặc trả lại) sau khi tải tệp. Tải tệp mới, chép phần đã điền sang."
            )

    def _about(self, name: str) -> str:
        return clean_text(str(self._rows.get(name, ("",))[0] or ""))

    def told(self, items: Iterable[Item]) -> Iterator[Told]:
        """What stands in the cells of each answer; one with a cell that cannot be read becomes a fault instead."""
        for item in items:
            seen = self._seen(item)
            if seen is None or not self._is_in_place(item):
                continue
            count = len(self.faults)
            texts = {field: self._text(item, field) for field in item.fields}
            if len(self.faults) == count:
                yield Told(item, seen, texts, {field: self._place(name) for field, name in item.fields.items()})

    def _seen(self, item: Item) -> Seen | None:
        version, digest = (str(part or "") for part in self._rows.get(item.code, ("", "")))
        if not (version.isascii() and version.isdigit() and len(version) < 10 and digest):
            self.faults.append(Fault(item.code, f"trang ẩn của tệp không còn ghi mục này. {_IN_TEMPLATE}"))
            return None
        return Seen(int(version), digest)

    def _is_in_place(self, item: Item) -> bool:
        """Names do not follow rows that are sorted: the code beside the cells must still be the one they belong to."""
        code, cells = self._cell(item.code_cell), [self._cell(name) for name in item.fields.values()]
        if code is None or None in cells:
            self.faults.append(Fault(item.code, "ô của mục này đã bị xóa. Tải tệp mới, chép phần đã điền sang."))
            return False
        if str(code.value) != item.code:
            found = clean_text(str(code.value or ""))[:40]
            words = f"ghi “{found}”, cần “{item.code}”. Các dòng đã đổi chỗ; trả dòng về chỗ cũ."
            self.faults.append(Fault(self._place(item.code_cell), words))
            return False
        return True

    def _text(self, item: Item, field: str) -> str:
        cell, place = self._cell(item.fields[field]), self._place(item.fields[field])
        try:
            self._refuse_cell(cell, is_wide=field == "narrative")
            return read(item, field, cell.value)
        except Unreadable as refusal:
            self.faults.append(Fault(place, str(refusal)))
            return ""

    def _refuse_cell(self, cell, *, is_wide: bool) -> None:
        if cell.data_type == "f":
            raise Unreadable("có công thức. Ghi thẳng kết quả vào ô.")
        if cell.data_type == "e":
            raise Unreadable(f"ô báo lỗi {clean_text(str(cell.value))[:20]}. Ghi thẳng kết quả vào ô.")
        merged = [area for area in self._merged[cell.parent.title] if cell.coordinate in area]
        own_row = is_wide and all(area.min_row == area.max_row and area.min_col == cell.column for area in merged)
        if merged and not own_row:
            raise Unreadable(f"ô đã gộp ({merged[0].coord}). Bỏ gộp ô rồi điền lại từng ô.")

    def _cell(self, name: str):
        """The cell that bears `name`; None when it was deleted or the name now means something else."""
        places = self._names.get(name) or []
        if len(places) != 1 or places[0][0] not in self._book.sheetnames:
            return None
        sheet, coordinate = places[0]
        try:
            column, row = coordinate_from_string(coordinate.replace("$", ""))
            return self._book[sheet][f"{column}{row}"]
        except (ValueError, TypeError, AttributeError, KeyError):
            return None

    def _place(self, name: str) -> str:
        cell = self._cell(name)
        return f"{clean_text(cell.parent.title)}!{cell.coordinate}"
