"""Workbooks of a report as they come back from offices: filled in, mended, broken, of somebody else. All built here."""

from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from reports.documents.workbook import HIDDEN, Filling, workbook_of
from reports.selectors.sheet import blocks_of, groups_of
from reports.selectors.workbook import items_of
from reports.views.reading import typed_of


def made_of(report) -> bytes:
    """The workbook as its unit downloads it."""
    blocks = blocks_of(report)
    keys = frozenset(item.answer.key for item in items_of(blocks))
    return workbook_of(Filling(report, groups_of(blocks), typed_of(blocks), keys))


def saved(book) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def cell_of(book, name):
    """The cell that bears `name`."""
    [(sheet, coordinate)] = book.defined_names[name].destinations
    return book[sheet][coordinate.replace("$", "")]


def place_of(content: bytes, name: str) -> str:
    cell = cell_of(load_workbook(BytesIO(content)), name)
    return f"{cell.parent.title}!{cell.coordinate}"


def filled(content: bytes, cells: dict) -> bytes:
    """`cells` is {name: what somebody put there}."""
    book = load_workbook(BytesIO(content))
    for name, value in cells.items():
        cell = cell_of(book, name)
        cell.value = value
        if isinstance(value, str) and not value.startswith("=="):
            cell.data_type = "f" if value.startswith("=SUM") else "s"
    return saved(book)


def about(content: bytes, **told) -> bytes:
    """The hidden sheet says something else."""
    book = load_workbook(BytesIO(content))
    for row in book[HIDDEN].iter_rows():
        if row[0].value in told:
            row[1].value = told[row[0].value]
    return saved(book)


def merged(content: bytes, first: str, last: str) -> bytes:
    book = load_workbook(BytesIO(content))
    cell = cell_of(book, first)
    cell.parent.merge_cells(f"{cell.coordinate}:{cell_of(book, last).coordinate}")
    return saved(book)


def swapped(content: bytes, one: str, other: str) -> bytes:
    """Two rows sorted into each other's place: contents move, names stay."""
    book = load_workbook(BytesIO(content))
    first, second = cell_of(book, one), cell_of(book, other)
    for column in range(1, 10):
        a, b = first.parent.cell(first.row, column), second.parent.cell(second.row, column)
        a.value, b.value = b.value, a.value
    return saved(book)


def without_name(content: bytes, name: str) -> bytes:
    """A row deleted in Excel leaves its names behind as #REF!."""
    book = load_workbook(BytesIO(content))
    book.defined_names[name].attr_text = "#REF!"
    return saved(book)


def moved_down(content: bytes, count: int) -> bytes:
    """Rows inserted above the first criterion: Excel moves the names along."""
    book = load_workbook(BytesIO(content))
    moves = {}
    for sheet in book.worksheets:
        if sheet.title != HIDDEN:
            areas = list(sheet.merged_cells.ranges)
            for area in areas:
                sheet.unmerge_cells(str(area))
            sheet.insert_rows(5, count)
            for area in areas:
                area.shift(row_shift=count)
                sheet.merge_cells(str(area))
            moves[sheet.title] = count
    for defined in book.defined_names.values():
        [(sheet, coordinate)] = defined.destinations
        if sheet in moves:
            _, column, row = coordinate.split("$")
            defined.attr_text = f"'{sheet}'!${column}${int(row) + count}"
    return saved(book)


def renamed(content: bytes) -> bytes:
    """Sheets with other titles: Excel carries the names along."""
    book = load_workbook(BytesIO(content))
    for number, sheet in enumerate(book.worksheets):
        old, sheet.title = sheet.title, f"Trang {number}"
        for defined in book.defined_names.values():
            places = list(defined.destinations)
            if places[0][0] == old:
                defined.attr_text = f"'{sheet.title}'!{places[0][1]}"
    return saved(book)


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    result = BytesIO(content)
    with ZipFile(result, "a") as archive:
        archive.writestr(name, data)
    return result.getvalue()


def plain_workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = "Báo cáo"
    return saved(book)


OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
LOCKED = OLD_EXCEL + "EncryptedPackage".encode("utf-16-le")


def with_damage(content: bytes, part: str, at: int, data: bytes) -> bytes:
    """One part of the archive overwritten somewhere; the archive itself stays whole."""
    result = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(result, "w") as target:
        for name in source.namelist():
            old = source.read(name)
            place = at % max(1, len(old))
            target.writestr(name, old[:place] + data + old[place + len(data) :] if name == part else old)
    return result.getvalue()


def parts_of(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        return archive.namelist()
