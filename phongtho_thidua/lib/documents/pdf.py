"""The PDF face, by WeasyPrint: archivable (PDF/A-3a) and readable by a screen reader (PDF/UA-1) in one file."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from weasyprint import CSS, HTML
from weasyprint import Document as LaidOut
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from phongtho_thidua.lib.documents.markup import Face, draw
from phongtho_thidua.lib.documents.model import SAMPLE_MARK, Document, numbered

_VARIANT = "pdf/a-3a"
_FACE = Face(on_paper=True)
_FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts" / "tinos"
_FILES = {f"app:{name}": _FONTS / name for name in
          ("Tinos-Regular.ttf", "Tinos-Italic.ttf", "Tinos-Bold.ttf", "Tinos-BoldItalic.ttf")}  # fmt: skip
_STYLES = Path(__file__).with_name("pdf.css")
_WIDTH_CLASS = re.compile(r'class="tt-w(\d+)"')
_SAMPLE_RULE = f'@page {{ @top-right {{ content: "{SAMPLE_MARK}"; font: 700 13pt Tinos; vertical-align: middle }} }}'
_one_at_a_time = Lock()  # Pango's font map and the garbage collector belong to the whole process

# WeasyPrint writes the identifier of one standard only. PDF/A wants the second one declared by an extension schema.
_UA_IDENTIFIER = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class OwnFilesOnly(URLFetcher):
    """Gives the four font files by name and refuses every other address: no network, no file of the machine."""

    def __init__(self):
        super().__init__(fail_on_errors=True, allowed_protocols=("app",), allow_redirects=False)

    def fetch(self, url, headers=None):
        if url not in _FILES:
            raise PermissionError(f"A document may not load {url!r}.")
        return URLFetcherResponse(url, _FILES[url].read_bytes(), {"Content-Type": "font/ttf"})


def render(document: Document) -> bytes:
    """The document as PDF. Pure: the same document gives the same bytes."""
    html = draw("pdf.html", numbered(document), _FACE)
    with _one_at_a_time, _collector_off():
        return _write(html, _width_rules(html) + (_SAMPLE_RULE if document.sample else ""))


def _write(html: str, own_rules: str) -> bytes:
    try:
        return _laid_out(html, own_rules).write_pdf(pdf_variant=_VARIANT)
    except FatalURLFetchingError as refused:  # a BaseException, which would take the worker down with the document
        raise PermissionError(str(refused)) from refused


def _laid_out(html: str, own_rules: str) -> LaidOut:
    styles, fonts = _styles()
    own_styles = CSS(string=own_rules, url_fetcher=OwnFilesOnly())
    laid_out = HTML(string=html, url_fetcher=OwnFilesOnly()).render(
        stylesheets=[styles, own_styles], font_config=fonts, pdf_variant=_VARIANT
    )
    _declare_ua(laid_out.metadata)
    return laid_out


@cache
def _styles() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    return CSS(string=_STYLES.read_text(), font_config=fonts, url_fetcher=OwnFilesOnly()), fonts


def _width_rules(html: str) -> str:
    """A rule for each column width that occurs, in thousandths: all thousand would be read again for every document."""
    return "".join(f".tt-w{n}{{width:{int(n) / 10}%}}" for n in sorted(set(_WIDTH_CLASS.findall(html))))


def _declare_ua(metadata) -> None:
    generate = metadata.generate_rdf_metadata

    def with_ua(*args, **kwargs) -> bytes:
        return generate(*args, **kwargs).replace(b"</rdf:RDF>", _UA_IDENTIFIER + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = with_ua


@contextmanager
def _collector_off() -> Iterator[None]:
    """Layout makes millions of boxes that live to the end: looking for garbage among them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
