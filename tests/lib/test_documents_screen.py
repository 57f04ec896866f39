"""The document on the page: the same words, headings under the page's own, figures that lead to their sources."""

import html5lib
import pytest

from phongtho_thidua.lib.documents.model import Annex, Bullets, Column, Heading, Paragraph, Table
from phongtho_thidua.lib.documents.screen import render_html
from phongtho_thidua.lib.documents.words import split_words, words_of
from tests.lib.documents_example import example, figure
from tests.lib.test_documents_parity import HOSTILE, everywhere, squeezed


def parsed(document, *args, **options):
    """The page as a browser reads it; a mistake in the markup fails the test."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(f"<!doctype html><title>x</title><main>{render_html(document, *args, **options)}</main>")


def said(words):
    """In one case: capitals are for paper (ui.md § 1)."""
    return squeezed(words).casefold()


def on_page(document):
    return said(split_words(parsed(document).find(".//article").itertext()))


def test_page_has_the_words_of_the_paper_in_their_order():
    document = example()
    assert on_page(document) == said(words_of(document))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_on_the_page(name):
    document = everywhere(HOSTILE[name])
    tags = {element.tag for element in parsed(document).iter()}
    assert tags <= {element.tag for element in parsed(everywhere("an toàn")).iter()}
    assert on_page(document) == said(words_of(document))


def test_headings_start_at_h2_and_skip_no_level():
    tree = parsed(example())
    headings = [(e.tag, "".join(e.itertext())) for e in tree.iter() if e.tag in {"h1", "h2", "h3", "h4", "h5"}]
    assert headings == [
        ("h2", "I. Tình hình nộp báo cáo"),
        ("h3", "1. Kết cấu hạ tầng"),
        ("h4", "a) Giao thông"),
        ("h2", "Phụ lục\u00a0I Kết quả theo đơn vị và tiêu chí"),
        ("h2", "Phụ lục\u00a0II Danh mục số liệu khác nhau"),
        ("h3", "1. Các xã"),
    ]


@pytest.mark.parametrize(
    ("provenance_url", "address"),
    [
        (None, "#ty-le"),
        ("/tong-hop/1/nguon/", "/tong-hop/1/nguon/ty-le"),
        ("?so=", "?so=ty-le"),
        (lambda ref: f"/nguon?x={ref}&y=1", "/nguon?x=ty-le&y=1"),
    ],
)
def test_figure_leads_to_where_it_comes_from(provenance_url, address):
    links = [(a.get("href"), a.text) for a in parsed(example(), provenance_url).iterfind('.//a[@class="tt-fig"]')]
    assert len(links) == 2
    assert links[1] == (address, "93,9%")


def test_figure_whose_source_is_shown_is_marked_and_no_other():
    current = [a.get("aria-current") for a in parsed(example(), current="ty-le").iterfind('.//a[@class="tt-fig"]')]
    assert current == [None, "true"]


def test_figure_in_a_table_or_list_is_linked_too():
    sourced = figure(7, ref="x")
    table = Table("Bảng", (Column("Đơn vị"), Column("Số", kind="number")), [("Mường So", sourced)], ("Cộng", sourced))
    document = example(blocks=(Bullets.of(sourced), table), annexes=(Annex("A", (Paragraph.of(sourced),)),))
    assert len(parsed(document).findall('.//a[@href="#x"]')) == 4


def test_tables_are_named_scroll_and_have_heads():
    tree = parsed(example())
    regions = tree.findall('.//div[@class="tt-scroll"]')
    assert [(region.get("role"), region.get("tabindex")) for region in regions] == [("region", "0")] * 3
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for region in regions:
        heads = ", ".join(
            next(head.itertext()).strip().lower() for head in region.iter("th") if head.get("scope") == "col"
        )
        assert region.get("aria-labelledby") in ids or region.get("aria-label") == f"Bảng {heads}"
    row = tree.find(".//tbody/tr")
    assert [(cell.tag, cell.get("scope"), cell.get("class")) for cell in row] == [
        ("th", "row", None),
        ("td", None, "tt-num"),
        ("td", None, "tt-num tt-words"),
        ("td", None, "tt-num"),
    ]


def test_page_has_no_style_script_or_handler():
    for element in parsed(everywhere("x")).iter():
        assert element.tag not in {"style", "script"}
        assert [name for name in element.attrib if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("sample", [True, False])
def test_sample_says_so_on_the_page(sample):
    assert ("DỮ LIỆU MẪU" in render_html(example(sample=sample))) == sample


def test_heading_of_a_deep_level_first_is_lifted():
    tree = parsed(example(blocks=(Heading("a) Sâu", 3),), annexes=()))
    assert [e.tag for e in tree.iter() if e.tag.startswith("h") and e.tag[1:].isdigit()] == ["h2"]
