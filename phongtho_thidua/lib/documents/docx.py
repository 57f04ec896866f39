"""The Word face: real styles, headings and lists, so that an office can go on working in the file."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from lxml.etree import tostring

from phongtho_thidua.lib.documents.archive import settled
from phongtho_thidua.lib.documents.docx_parts import (
    BOLD,
    ITALIC,
    KEPT,
    NOT_BOLD,
    add_cell_styles,
    elements,
    new_word_file,
    page_number,
    paragraph,
    row,
    rule,
    run,
    set_body,
    size,
    tab_stops,
    table,
    twips,
)
from phongtho_thidua.lib.documents.model import (
    ADDRESSED_TO,
    MOTTO,
    NATION,
    RECIPIENTS,
    SAMPLE_MARK,
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Number,
    Paragraph,
    Row,
    Table,
    Text,
    numbered,
    with_leads,
)
from phongtho_thidua.lib.documents.widths import LANDSCAPE_MM, PORTRAIT_MM, fit, text_mm

_LETTERHEAD_MM = (68, 97)  # as in the PDF
_SIGNATURE_MM = (75, 90)
_MOTTO_MM = 60.5  # the Tiêu ngữ in bold Times of 14 pt
_RULE_SHARE = 0.4  # Nghị định 30: a third to a half of the line above


def render(document: Document) -> bytes:
    """The document as .docx. Pure: the same document gives the same bytes."""
    document = numbered(document)
    file = new_word_file()
    _describe(file.core_properties, document)
    set_body(file, "".join(_body(file, document)))
    content = BytesIO()
    file.save(content)
    return settled(content.getvalue(), document.day)


def _body(file: WordFile, document: Document) -> Iterator[str]:
    """Sections end with their page: within their last paragraph, only the last one stands for itself."""
    *ends, last_end = _sections(file, document)
    parts = (_main_part(file, document), *(_annex(file, document, i) for i in range(len(document.annexes))))
    for part, end in zip(parts, ends, strict=False):
        yield from part
        yield paragraph("Gap", properties=end)
    yield from parts[-1]
    yield last_end


def _sections(file: WordFile, document: Document) -> list[str]:
    """The page of the main part and of each annex, as XML; their headers are parts of the file."""
    for _ in document.annexes:
        file.add_section(WD_SECTION.NEW_PAGE)
    landscapes = (False, *(annex.landscape for annex in document.annexes))
    for section, landscape in zip(file.sections, landscapes, strict=True):
        _set_page(section, landscape=landscape, sample=document.sample)
    return [tostring(section._sectPr, encoding="unicode") for section in file.sections]


def _main_part(file: WordFile, document: Document) -> Iterator[str]:
    yield from _front(document)
    yield from _blocks(file, document.blocks, PORTRAIT_MM)
    yield paragraph("Gap", properties='<w:spacing w:before="360"/>')
    yield _closing(document) + paragraph("Gap")


def _annex(file: WordFile, document: Document, index: int) -> Iterator[str]:
    annex = document.annexes[index]
    yield paragraph("AnnexTitle", run(f"{document.annex_label(index)}\n{annex.printed}"))
    yield paragraph("AnnexSource", run(document.annex_source))
    yield from _blocks(file, annex.blocks, LANDSCAPE_MM if annex.landscape else PORTRAIT_MM)


def _blocks(file: WordFile, blocks: tuple[Block, ...], width_mm: float) -> Iterator[str]:
    for block, leads in with_leads(blocks):
        match block:
            case Heading():
                yield paragraph(f"Heading{min(block.level, 3)}", run(block.printed))
            case Paragraph():
                yield paragraph("Normal", run(str(block)), properties=KEPT if leads else "")
            case Bullets():
                yield from (paragraph("ListBullet", run(str(item))) for item in block.items)
            case Table():
                yield from _table(file, block, width_mm)


def _table(file: WordFile, block: Table, width_mm: float) -> Iterator[str]:
    fitted = fit(block, width_mm)
    add_cell_styles(file, fitted.size_pt)
    if block.caption:
        yield paragraph("Caption", run(block.caption))
    yield table(fitted.widths_mm, _rows(block, fitted.widths_mm, fitted.size_pt), grid=True)
    yield paragraph("Note", run(block.note)) if block.note else paragraph("Gap")


def _describe(properties, document: Document) -> None:
    """Word takes at most 255 characters here; the whole title stands on the page."""
    properties.title = document.full_title[:255]
    properties.author = properties.last_modified_by = document.letterhead.issuer[:255]
    properties.comments = ""
    properties.language = "vi-VN"


def _set_page(section: Section, *, landscape: bool, sample: bool) -> None:
    """A4 with the margins of Nghị định 30; pages count from 1 in each section, the first shows no number."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(8)
    section.different_first_page_header_footer = True
    _count_from_one(section)
    width = LANDSCAPE_MM if landscape else PORTRAIT_MM
    _fill(section.first_page_header, "", width, sample=sample)
    _fill(section.header, page_number(), width, sample=sample)


def _count_from_one(section: Section) -> None:
    properties = section._sectPr  # python-docx has no property for this
    numbering = properties.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = OxmlElement("w:pgNumType")
        properties.find(qn("w:pgMar")).addnext(numbering)
    numbering.set(qn("w:start"), "1")


def _fill(header, number: str, width_mm: float, *, sample: bool) -> None:
    header.is_linked_to_previous = False
    mark = run(f"\t{SAMPLE_MARK}", BOLD + size(13)) if sample else ""
    tabs = tab_stops(center=width_mm / 2, right=width_mm)
    header._element[:] = elements(paragraph("Header", run("\t"), number, mark, properties=tabs))


def _front(document: Document) -> Iterator[str]:
    yield _letterhead(document)
    if document.title_lines:
        yield paragraph("Title", run(document.kind_name))
        yield paragraph("Subtitle", run(document.subject))
        yield rule(_RULE_SHARE * min(text_mm(document.subject, 14), PORTRAIT_MM), PORTRAIT_MM)
    yield paragraph("Gap", properties='<w:spacing w:before="240"/>')
    yield from _addressees(document)
    yield from (paragraph("Base", run(line)) for line in document.base_lines)


def _letterhead(document: Document) -> str:
    head = document.letterhead
    issuer_mm = max(text_mm(line, 13) for line in head.issuer_lines or [""])
    left = [paragraph("Letterhead", run(line)) for line in head.parent_lines]
    left += [paragraph("Letterhead", run(line, BOLD)) for line in head.issuer_lines]
    left += [rule(min(_RULE_SHARE * issuer_mm, _LETTERHEAD_MM[0]), _LETTERHEAD_MM[0])]
    right = [paragraph("Letterhead", run(NATION, BOLD)), paragraph("Letterhead", run(MOTTO, BOLD + size(14)))]
    right += [rule(_MOTTO_MM, _LETTERHEAD_MM[1])]
    number = paragraph("NumberAndDay", run(document.number_line))
    number += paragraph("NumberAndDay", run(document.brief)) if document.brief else ""
    day = paragraph("NumberAndDay", run(document.day_line, ITALIC + size(14)))
    cells = (("".join(left), "".join(right)), (number, day))
    return table(_LETTERHEAD_MM, (row(zip(_LETTERHEAD_MM, pair, strict=True)) for pair in cells), grid=False)


def _addressees(document: Document) -> Iterator[str]:
    """One stands beside `Kính gửi:`, several under its colon."""
    lines = document.addressee_lines
    if len(lines) == 1:
        yield _indented(f"{ADDRESSED_TO} {lines[0]}", 25)
    elif lines:
        yield _indented(ADDRESSED_TO, 25)
        yield from (_indented(f"- {line}", 45) for line in lines)
    yield paragraph("Gap", properties='<w:spacing w:before="120"/>')


def _indented(text: str, left_mm: float) -> str:
    return paragraph("Addressee", run(text), properties=f'<w:ind w:left="{twips(left_mm)}" w:firstLine="0"/>')


def _closing(document: Document) -> str:
    left = [paragraph("RecipientsHead", run(RECIPIENTS))] if document.distribution else []
    left += [paragraph("Recipients", run(f"- {line}")) for line in document.distribution_lines]
    left += [paragraph("Recipients", run(document.reference_line))]
    right = [paragraph("Authority", run(line)) for line in document.signature.lines]
    right += [paragraph("SignedName", run(document.signature.name))]
    cells = zip(_SIGNATURE_MM, ("".join(left), "".join(right)), strict=True)
    return table(_SIGNATURE_MM, [row(cells)], grid=False)


def _rows(block: Table, widths: tuple[float, ...], points: int) -> Iterator[str]:
    """Word keeps a row with the next one when its paragraphs say so: see `_stays`."""
    heads = (_head(column, points) for column in block.columns)
    yield row(zip(widths, heads, strict=True), head=True)
    for place, cells in enumerate(block.all_rows):
        bold = BOLD if block.total and place == len(block.rows) else ""
        kept = KEPT if _stays(place, block) else ""
        yield row(zip(widths, _cells(cells, block.columns, points, bold, kept), strict=True))


def _stays(place: int, block: Table) -> bool:
    """The first row and the last but one of the body, what stands before the total, and the end before its note."""
    last = len(block.all_rows) - 1
    ends = {0, len(block.rows) - 2, len(block.rows) - 1} - {last}
    return place in ends or (place == last and bool(block.note))


def _head(column: Column, points: int) -> str:
    unit = run(f"\n({column.unit})", NOT_BOLD + ITALIC) if column.unit else ""
    return paragraph(f"Head{points}", run(column.label), unit)


def _cells(cells: Row, columns: Iterable[Column], points: int, properties: str, kept: str) -> Iterator[str]:
    for cell, column in zip(cells, columns, strict=True):
        text = "" if cell is None else run(str(cell), properties)
        yield paragraph(f"{_kind(cell, column)}{points}", text, properties=kept)


def _kind(cell: Text | None, column: Column) -> str:
    if column.kind == "text":
        return "Cell"
    return "Figure" if isinstance(cell, Number) else "Words"
