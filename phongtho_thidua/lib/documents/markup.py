"""The blocks of a document as the two HTML faces draw them: the screen and the page that WeasyPrint turns into PDF.

Templates know no types, so each block becomes a dict with a `kind`; all words stay plain text and are escaped by the
template. A private engine without context processors: the same document gives the same page wherever it is drawn.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString

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
    with_leads,
)
from phongtho_thidua.lib.documents.widths import LANDSCAPE_MM, PORTRAIT_MM, Fit, fit

_TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "documents"
_ENDLESS_WORD = re.compile(r"\S{200,}")
_LETTERS_TOGETHER = 20
_engine = Engine(dirs=[_TEMPLATES])


@dataclass(frozen=True)
class Face:
    """What differs between the HTML faces: `link` gives the address of a figure's provenance, None for no link."""

    on_paper: bool
    link: Callable[[str], str] | None = None
    current: str = ""

    def words(self, text: str) -> str:
        """WeasyPrint needs minutes to break a word of thousands of letters; invisible breaks show it where."""
        return _ENDLESS_WORD.sub(_broken, text) if self.on_paper else text


def draw(template: str, document: Document, face: Face) -> SafeString:
    """`document` comes with numbered captions (`model.numbered`). The title of the document is the h1 of its page."""
    context = {
        "document": document,
        "nation": NATION,
        "motto": MOTTO,
        "addressed_to": ADDRESSED_TO,
        "recipients": RECIPIENTS,
        "sample_mark": SAMPLE_MARK,
        "blocks": _Drawing(face, PORTRAIT_MM, "bang").blocks(document.blocks),
        "annexes": [_annex(document, face, index) for index in range(len(document.annexes))],
    }
    return _engine.get_template(template).render(Context(context, autoescape=True, use_l10n=False))


def _annex(document: Document, face: Face, index: int) -> dict:
    annex = document.annexes[index]
    drawing = _Drawing(face, LANDSCAPE_MM if annex.landscape else PORTRAIT_MM, f"phu-luc-{index + 1}-bang", rank=2)
    return {
        "label": document.annex_label(index),
        "title": annex.printed if face.on_paper else annex.title,
        "page": "ngang" if annex.landscape else "doc",
        "blocks": drawing.blocks(annex.blocks),
    }


class _Drawing:
    """Walks the blocks of one part in order, because a heading may only be one rank under the heading before it."""

    def __init__(self, face: Face, width_mm: float, id_stem: str, rank: int = 1):
        self.face = face
        self.width_mm = width_mm
        self.id_stem = id_stem
        self.top = self.rank = rank
        self.tables = 0

    def blocks(self, blocks: Iterable[Block]) -> list[dict]:
        draw = {Heading: self.heading, Paragraph: self.paragraph, Bullets: self.bullets, Table: self.table}
        return [{**draw[type(block)](block), "leads": leads} for block, leads in with_leads(blocks)]

    def heading(self, heading: Heading) -> dict:
        self.rank = min(self.top + heading.level, self.rank + 1, 6)
        text = heading.printed if self.face.on_paper else heading.text
        return {
            "kind": "heading",
            "tag": f"h{self.rank}",
            "css": f"tt-doc__h{heading.level}",
            "text": self.face.words(text),
        }

    def paragraph(self, paragraph: Paragraph) -> dict:
        return {"kind": "paragraph", "runs": self.runs(paragraph)}

    def bullets(self, bullets: Bullets) -> dict:
        return {"kind": "bullets", "items": [self.runs(item) for item in bullets.items]}

    def runs(self, paragraph: Paragraph) -> list[dict]:
        return [self.figure(run) for run in paragraph.runs]

    def figure(self, text: Text | None) -> dict:
        """The words, and where they come from if they are a figure that knows it."""
        ref = text.ref if isinstance(text, Number) and self.face.link else ""
        return {
            "words": "" if text is None else self.face.words(str(text)),
            "href": self.face.link(ref) if ref else "",
            "is_current": bool(ref) and ref == self.face.current,
        }

    def table(self, table: Table) -> dict:
        self.tables += 1
        kinds = [_css(column) for column in table.columns]
        head = next((i for i, column in enumerate(table.columns) if column.kind == "text"), 0)
        return {
            "kind": "table",
            "id": f"{self.id_stem}-{self.tables}",
            "caption": self.face.words(table.caption),
            "note": self.face.words(table.note),
            "columns": [self.column(column) for column in table.columns],
            "fit": _Sizes(fit(table, self.width_mm)),
            "rows": [self.row(row, kinds, head) for row in table.rows],
            "total": self.row(table.total, kinds, head) if table.total else None,
        }

    def column(self, column: Column) -> dict:
        return {"label": self.face.words(column.label), "unit": self.face.words(column.unit), "css": _css(column)}

    def row(self, row: Row, kinds: list[str], head: int) -> list[dict]:
        return [self.cell(cell, css, is_head=i == head) for i, (cell, css) in enumerate(zip(row, kinds, strict=True))]

    def cell(self, cell: Text | None, css: str, *, is_head: bool) -> dict:
        if css and isinstance(cell, str):
            css += " tt-words"  # words in a column of figures: "không áp dụng"
        return {**self.figure(cell), "css": css, "is_head": is_head}


class _Sizes:
    """A fit as class names, because neither the page nor the house allows a size in the markup itself."""

    def __init__(self, fitted: Fit):
        whole = sum(fitted.widths_mm)
        self.size = f"tt-pt{fitted.size_pt}"
        self.widths = [f"tt-w{round(1000 * width / whole)}" for width in fitted.widths_mm]


def _css(column: Column) -> str:
    return "tt-num" if column.kind == "number" else ""


def _broken(word: re.Match) -> str:
    letters = word.group()
    return "\u200b".join(letters[i : i + _LETTERS_TOGETHER] for i in range(0, len(letters), _LETTERS_TOGETHER))
