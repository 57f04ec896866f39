"""What our Word files are made of: the styles, and the few elements of WordprocessingML that the face puts together.

Elements are written as XML and read in once a block, because python-docx looks up every cell and style anew and a long
annex has thousands. Every text goes through `run`, the only place that escapes.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordFile
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

BOLD, NOT_BOLD, ITALIC = "<w:b/>", '<w:b w:val="0"/>', "<w:i/>"

KEPT = "<w:keepNext/>"  # on the page of the paragraph or row that follows

_FONT = "Times New Roman"
_FONTS = "".join(f' w:{script}="{_FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
_FOREIGN_PARTS = ("/thumbnail", "/customXml", "/stylesWithEffects", "/theme")
_NS = nsdecls("w")
_CELL_MARGIN = 60


def twips(mm: float) -> int:
    """Word counts in twentieths of a point."""
    return round(mm * 1440 / 25.4)


def _spaced(before: int, after: int = 0, line: float = 1.0) -> str:
    return (
        f'<w:spacing w:before="{20 * before}" w:after="{20 * after}" w:line="{round(240 * line)}" w:lineRule="auto"/>'
    )


def _aligned(side: str, first_line: int = 0) -> str:
    return f'<w:ind w:firstLine="{first_line}"/><w:jc w:val="{side}"/>'


def size(points: int) -> str:
    return f'<w:sz w:val="{2 * points}"/><w:szCs w:val="{2 * points}"/>'


def _heading(level: int, extra: str = BOLD) -> tuple[str, str, str, str]:
    paragraph = f'{KEPT}{_spaced(9, line=1.25)}{_aligned("both", 720)}<w:outlineLvl w:val="{level - 1}"/>'
    return f"heading {level}", "Normal", paragraph, extra


_RULE = (
    '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    '<w:spacing w:before="40" w:after="0" w:line="60" w:lineRule="exact"/>'
)
_GAP = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'

# Identifier: name that Word shows, style it is based on, paragraph properties, run properties.
_STYLES = {
    "Normal": ("Normal", "", _spaced(6, line=1.25) + _aligned("both", 720), ""),
    "Header": ("header", "Normal", _spaced(0) + _aligned("left"), ""),
    "Heading1": _heading(1),
    "Heading2": _heading(2),
    "Heading3": _heading(3, BOLD + ITALIC),
    "Title": ("Title", "Normal", f"{KEPT}{_spaced(18)}{_aligned('center')}", BOLD),
    "Subtitle": ("Subtitle", "Normal", f"{KEPT}{_spaced(0)}{_aligned('center')}", BOLD),
    "Caption": ("caption", "Normal", f"{KEPT}{_spaced(9, 4)}{_aligned('center')}", BOLD + size(13)),
    "ListBullet": ("List Bullet", "Normal", '<w:numPr><w:numId w:val="1"/></w:numPr>', ""),
    "Letterhead": ("Đầu văn bản", "Normal", _spaced(0) + _aligned("center"), size(13)),
    "NumberAndDay": ("Số và ngày", "Letterhead", _spaced(9), ""),
    "Rule": ("Nét kẻ", "Letterhead", _RULE, size(2)),
    "Addressee": ("Kính gửi", "Normal", _spaced(0) + _aligned("left"), ""),
    "Base": ("Căn cứ", "Normal", "", ITALIC),
    "Note": ("Ghi chú bảng", "Normal", _spaced(3) + _aligned("left"), ITALIC + size(12)),
    "Recipients": ("Nơi nhận", "Normal", _spaced(0) + _aligned("left"), size(11)),
    "RecipientsHead": ("Đầu nơi nhận", "Recipients", "", BOLD + ITALIC + size(12)),
    "Authority": ("Thẩm quyền ký", "Normal", _spaced(0) + _aligned("center"), BOLD),
    "SignedName": ("Họ tên người ký", "Authority", _spaced(85), ""),
    "AnnexTitle": ("Tên phụ lục", "Heading1", _spaced(0) + _aligned("center"), ""),
    "AnnexSource": ("Kèm theo", "Normal", _spaced(0, 12) + _aligned("center"), ITALIC),
    "Gap": ("Khoảng cách", "Normal", _GAP + _aligned("left"), size(1)),
}
_GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE_STYLE = (
    f'<w:style {_NS} w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    f"<w:tblPr><w:tblBorders>{_GRID}</w:tblBorders></w:tblPr></w:style>"
)
_DEFAULTS = (
    f"<w:docDefaults {_NS}><w:rPrDefault><w:rPr><w:rFonts{_FONTS}/>{size(14)}"
    '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
)
_DASHES = (
    f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:suff w:val="space"/><w:lvlText w:val="-"/><w:lvlJc w:val="left"/>'
    f'<w:pPr><w:ind w:left="0" w:firstLine="720"/></w:pPr><w:rPr><w:rFonts{_FONTS}/></w:rPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def new_word_file() -> WordFile:
    """An empty file with our styles only: the template of python-docx brings 160, a theme with its fonts, a picture."""
    file = docx.Document()
    for rels in (file.part.package.rels, file.part.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_FOREIGN_PARTS)]:
            del rels[key]
    styles = file.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in {"DefaultParagraphFont", "TableNormal", "NoList"}:
            styles.remove(style)
    styles.replace(styles.find(qn("w:docDefaults")), parse_xml(_DEFAULTS))
    styles.extend(_style(style_id, *properties) for style_id, properties in _STYLES.items())
    styles.append(parse_xml(_TABLE_STYLE))
    file.part.numbering_part.element[:] = list(parse_xml(_DASHES))
    _keep_short_lines_short(file)
    return file


def _keep_short_lines_short(file: WordFile) -> None:
    """A line that ends in a break inside a justified paragraph is not pulled to the margin."""
    compat = file.settings.element.find(qn("w:compat"))
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))


def _style(style_id: str, name: str, parent: str, paragraph: str, run: str):
    default = ' w:default="1"' if style_id == "Normal" else ""
    own = "" if name.isascii() else ' w:customStyle="1"'
    based_on = f'<w:basedOn w:val="{parent}"/>' if parent else ""
    return parse_xml(
        f'<w:style {_NS} w:type="paragraph" w:styleId="{style_id}"{default}{own}><w:name w:val="{name}"/>'
        f"{based_on}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr><w:rFonts{_FONTS}/>{run}</w:rPr></w:style>"
    )


def add_cell_styles(file: WordFile, points: int) -> None:
    """The styles of a table with letters of this size: text, figure, words in a column of figures, and head."""
    styles = file.styles.element
    if any(style.get(qn("w:styleId")) == f"Cell{points}" for style in styles.findall(qn("w:style"))):
        return
    for style_id, name, side, extra in (
        ("Cell", "Ô chữ", "left", ""),
        ("Figure", "Ô số", "right", ""),
        ("Words", "Ô số ghi chữ", "center", ""),
        ("Head", "Đầu bảng", "center", BOLD),
    ):
        paragraph = (KEPT if style_id == "Head" else "") + _spaced(1, 1, 1.0) + _aligned(side)
        styles.append(_style(f"{style_id}{points}", f"{name} {points}", "Normal", paragraph, extra + size(points)))


def elements(xml: str) -> list:
    """Written elements as those of python-docx."""
    return list(parse_xml(f"<w:body {_NS}>{xml}</w:body>"))


def set_body(file: WordFile, xml: str) -> None:
    """All at once: moving elements one by one from tree to tree took forty times as long on 200 pages."""
    namespaces = nsdecls("w", "r")
    file.part._element = parse_xml(f"<w:document {namespaces}><w:body>{xml}</w:body></w:document>")


def run(text: str, properties: str = "") -> str:
    """`text` as it is; its line ends and tabs become those of Word."""
    safe = escape(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    safe = safe.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    opening = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{opening}<w:t xml:space="preserve">{safe}</w:t></w:r>'


def paragraph(style: str, *runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'


def rule(length_mm: float, width_mm: float) -> str:
    """A line of this length in the middle of a column of this width."""
    side = twips((width_mm - length_mm) / 2)
    return paragraph("Rule", properties=f'<w:ind w:left="{side}" w:right="{side}" w:firstLine="0"/>')


def page_number() -> str:
    """A field; the 1 is shown until Word counts."""
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>PAGE</w:instrText></w:r>{separate}{run('1')}{end}"


def tab_stops(**places_mm: float) -> str:
    stops = (f'<w:tab w:val="{kind}" w:pos="{twips(place)}"/>' for kind, place in places_mm.items())
    return f"<w:tabs>{''.join(stops)}</w:tabs>"


def table(widths_mm: Iterable[float], rows: Iterable[str], *, grid: bool) -> str:
    """Widths stand in the grid too: LibreOffice believes only that."""
    widths = [twips(width) for width in widths_mm]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    style, margin = ('<w:tblStyle w:val="TableGrid"/>', _CELL_MARGIN) if grid else ("", 0)
    return (
        f'<w:tbl><w:tblPr>{style}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{margin}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row(cells: Iterable[tuple[float, str]], *, head: bool = False) -> str:
    """A row that no page break divides. `cells`: (width in mm, paragraphs)."""
    centred = '<w:vAlign w:val="center"/>' if head else ""
    filled = (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{centred}</w:tcPr>{paragraphs}</w:tc>'
        for width, paragraphs in cells
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(filled)}</w:tr>"
