"""The PDF against the layout table of Nghị định 30/2020/NĐ-CP, Phụ lục I (law.md § 8), measured on the page."""

import re
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader
from weasyprint import CSS, HTML

from phongtho_thidua.lib.documents import pdf
from phongtho_thidua.lib.documents.model import MOTTO, NATION, Annex, Bullets, Document, Heading, Paragraph
from tests.lib.documents_example import capital_table, example, matrix
from tests.lib.documents_reading import MM, pdf_body, pdf_pages

LEFT, RIGHT, TOP, BOTTOM = 30 * MM, 195 * MM, 20 * MM, 277 * MM
MIDDLE = (LEFT + RIGHT) / 2
LONG = (
    "Các phòng, ban, cơ quan, đơn vị và Ủy ban nhân dân các xã, thị trấn đã đăng ký nội dung thi đua từ đầu năm. " * 4
)


# What stands on one page of the capital table of eight rows: sentence, caption, head, two rows; two rows, total, note.
PARTS = [("Câu dẫn", "Bảng"), ("Bảng", "8.517"), ("8.552", "8.559"), ("8.559", "143.830,5"), ("143.830,5", "Nguồn:")]


@pytest.fixture(scope="module")
def content():
    return pdf.render(example(table_rows=60, matrix_rows=40))


@pytest.fixture(scope="module")
def pages(content):
    return pdf_pages(content)


class Line:
    """The characters of one printed line that make up `text`, with their place, size and face."""

    def __init__(self, page, text):
        found = page.search(re.escape(text).replace(r"\ ", r"\s+"), return_chars=True)
        assert found, f"{text!r} is not on the page"
        self.chars = [char for char in found[0]["chars"] if not char["text"].isspace()]
        self.x0, self.x1 = min(c["x0"] for c in self.chars), max(c["x1"] for c in self.chars)
        self.top, self.bottom = self.chars[0]["top"], self.chars[0]["bottom"]
        self.middle = (self.x0 + self.x1) / 2

    @property
    def look(self):
        """(size in points, face), the same for all letters."""
        (look,) = {(round(char["size"], 2), char["fontname"].partition("+")[2]) for char in self.chars}
        return look


UPRIGHT, BOLD, ITALIC, BOLD_ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"


@pytest.mark.parametrize(
    ("text", "size", "face"),
    [
        (NATION, 13, BOLD),
        (MOTTO, 14, BOLD),
        ("ỦY BAN NHÂN DÂN", 13, UPRIGHT),
        ("HUYỆN PHONG THỔ", 13, UPRIGHT),
        ("PHÒNG NỘI VỤ", 13, BOLD),
        ("Số: 05/BC-NV", 13, UPRIGHT),
        ("Phong Thổ, ngày 09 tháng 01 năm 2025", 14, ITALIC),
        ("BÁO CÁO", 14, BOLD),
        ("Kết quả Phong trào thi đua", 14, BOLD),
        ("Kính gửi:", 14, UPRIGHT),
        ("Căn cứ Luật Thi đua, khen thưởng;", 14, ITALIC),
        ("I. TÌNH HÌNH NỘP BÁO CÁO", 14, BOLD),
        ("Đến ngày 31/12/2024", 14, UPRIGHT),
        ("1. Kết cấu hạ tầng", 14, BOLD),
        ("a) Giao thông", 14, BOLD_ITALIC),
    ],
)
def test_element_of_page_one_has_the_size_and_face_of_the_decree(pages, text, size, face):
    assert Line(pages[0], text).look == (size, face)


def test_page_is_a4_upright(pages):
    assert [round(side / MM, 1) for side in (pages[0].width, pages[0].height)] == [210, 297]


def test_margins_hold_on_every_upright_page(pages):
    for page in pages:
        if page.width < page.height:
            chars = [c for c in page.chars if not c["text"].isspace() and c["top"] > TOP - 1]
            assert min(c["x0"] for c in chars) >= LEFT - 0.5
            assert max(c["x1"] for c in chars) <= RIGHT + 0.5
            assert max(c["bottom"] for c in chars) <= BOTTOM + 3.5  # descenders of the last line box


def test_letterhead_stands_left_and_right_with_number_and_day_centred_below(pages):
    nation, motto, day = (Line(pages[0], text) for text in (NATION, MOTTO, "Phong Thổ, ngày 09 tháng 01 năm 2025"))
    issuer, number = Line(pages[0], "PHÒNG NỘI VỤ"), Line(pages[0], "Số: 05/BC-NV")
    assert nation.x0 > issuer.x1
    assert [motto.middle, day.middle] == pytest.approx([nation.middle] * 2, abs=1)
    assert number.middle == pytest.approx(issuer.middle, abs=1)
    assert nation.top < motto.top < day.top
    assert number.bottom == pytest.approx(day.bottom, abs=2)


def rules_under(page, line, reach=8):
    """Lengths of the drawn rules right below a line of text."""
    shapes = (*page.rects, *page.lines)
    return [
        shape["x1"] - shape["x0"]
        for shape in shapes
        if 0 <= shape["bottom"] - line.bottom <= reach and abs((shape["x0"] + shape["x1"]) / 2 - line.middle) < 2
    ]


def test_rule_under_the_motto_is_as_long_as_the_line(pages):
    motto = Line(pages[0], MOTTO)
    assert max(rules_under(pages[0], motto, reach=4)) == pytest.approx(motto.x1 - motto.x0, abs=1)


@pytest.mark.parametrize("text", ["PHÒNG NỘI VỤ", "đồng bộ, hiện đại; thực hành tiết kiệm, chống lãng phí” năm 2024"])
def test_rule_under_issuer_and_subject_is_a_third_to_a_half_of_the_line(pages, text):
    line = Line(pages[0], text)
    (rule,) = {round(length) for length in rules_under(pages[0], line)}
    assert 1 / 3 <= rule / (line.x1 - line.x0) <= 1 / 2


def test_title_is_centred(pages):
    assert Line(pages[0], "BÁO CÁO").middle == pytest.approx(MIDDLE, abs=1)


def test_several_addressees_stand_under_each_other_right_of_the_colon(pages):
    colon, first, second = (
        Line(pages[0], text) for text in ("Kính gửi:", "Hội đồng Thi đua", "Ủy ban nhân dân huyện.")
    )
    assert first.x0 == pytest.approx(second.x0, abs=1)
    assert first.x0 > colon.x1
    assert colon.top < first.top < second.top


def test_body_is_justified_indented_and_spaced():
    (page,) = pdf_pages(pdf.render(example(blocks=(Paragraph.of(LONG), Paragraph.of(LONG)), annexes=(), bases=())))
    lines = page.extract_text_lines(return_chars=False)
    first = next(i for i, line in enumerate(lines) if line["text"].startswith("Các phòng"))
    body = lines[first : first + 8]
    starts = [i for i, line in enumerate(body) if line["x0"] > LEFT + 1]
    second = starts[1]
    assert [(body[i]["x0"] - LEFT) / MM for i in starts[:2]] == pytest.approx([12.7, 12.7], abs=0.3)
    assert [line["x1"] for line in body[: second - 1]] == pytest.approx([RIGHT] * (second - 1), abs=1)
    pitches = [b["top"] - a["top"] for a, b in pairwise(body[: second + 1])]
    assert pitches[0] == pytest.approx(14 * 1.25, abs=0.2)
    assert pitches[-1] - pitches[0] >= 6


def number_in_margin(page):
    chars = page.crop((0, 0, page.width, 19 * MM)).chars
    digits = [c for c in chars if c["text"].isdigit()]
    if not digits:
        return None
    middle = (digits[0]["x0"] + digits[-1]["x1"]) / 2
    assert middle == pytest.approx((LEFT + page.width - 15 * MM) / 2, abs=1)
    assert {(round(c["size"], 1), c["fontname"].partition("+")[2]) for c in digits} == {(14, UPRIGHT)}
    return int("".join(c["text"] for c in digits))


def test_pages_are_numbered_from_the_second_and_each_annex_for_itself(pages):
    portrait = [page.width < page.height for page in pages]
    body = portrait.index(False)
    landscape = portrait[body:].index(True)
    assert body >= 3
    assert landscape >= 2
    expected = [None, *range(2, body + 1), None, *range(2, landscape + 1), None]
    assert [number_in_margin(page) for page in pages] == expected


def test_neighbouring_annexes_of_the_same_kind_are_numbered_apart():
    annexes = (Annex("Một", (matrix(40),)), Annex("Hai", (matrix(40),)), Annex("Ba", (matrix(40),)))
    numbers = [number_in_margin(page) for page in pdf_pages(pdf.render(example(blocks=(), annexes=annexes)))]
    one_annex = numbers[1 : 1 + (len(numbers) - 1) // 3]
    assert one_annex[0] is None
    assert one_annex[1] == 2
    assert numbers == [None, *one_annex * 3]


def test_landscape_annex_has_its_title_in_capitals_and_bold(pages):
    page = next(page for page in pages if page.width > page.height)
    assert [round(side / MM) for side in (page.width, page.height)] == [297, 210]
    assert Line(page, "Phụ lục I").look == (14, BOLD)
    assert Line(page, "KẾT QUẢ THEO ĐƠN VỊ VÀ TIÊU CHÍ").look == (14, BOLD)
    assert Line(page, "(Kèm theo Báo cáo số").look == (14, ITALIC)


def test_head_of_a_table_is_repeated_on_every_page(pages):
    body = [page for page in pages if page.width < page.height][:-1]
    with_rows = [page for page in body if "8.517" in page.extract_text() or "92,3" in page.extract_text()]
    assert len(with_rows) >= 2
    for page in with_rows:
        assert Line(page, "Kế hoạch Giải ngân Tỷ lệ").look[1] == BOLD
        assert Line(page, "(triệu đồng)").look[1] == ITALIC


def test_total_of_a_long_table_stands_once(pages):
    text = "".join(page.extract_text() for page in pages if page.width < page.height)
    assert text.count("143.830,5") == 2  # once in the body, once in the annex


def test_row_that_does_not_fit_goes_to_the_next_page_whole():
    row_text = "Việc " * 150
    table = capital_table(4)
    rows = [(f"{i}. {row_text}HẾT{i}", *row[1:]) for i, row in enumerate(table.rows * 3)]
    document = example(blocks=(type(table)("Bảng", table.columns, rows),), annexes=())
    for page in pdf_pages(pdf.render(document)):
        text = pdf_body(page).extract_text()
        assert set(re.findall(r"(?m)^(\d+)\. Việc", text)) == set(re.findall(r"HẾT(\d+)", text))


@pytest.mark.parametrize("lines", range(20, 34, 2))
def test_page_never_parts_a_caption_its_sentence_or_a_single_row_from_the_table(lines):
    fill = Paragraph.of("\n".join(["dòng"] * lines))
    blocks = (fill, Paragraph.of("Câu dẫn vào bảng."), capital_table(8))
    pages = [page.extract_text() for page in pdf_pages(pdf.render(example(blocks=blocks, annexes=(), bases=())))]
    for before, after in PARTS:
        assert [before in page for page in pages] == [after in page for page in pages]


def test_recipients_stand_left_of_the_signature_on_the_same_height(pages):
    page = next(page for page in pages if "Nơi nhận:" in page.extract_text())
    head, first, authority = (Line(page, text) for text in ("Nơi nhận:", "Như trên;", "TRƯỞNG PHÒNG"))
    assert [head.look, first.look, authority.look] == [(12, BOLD_ITALIC), (11, UPRIGHT), (14, BOLD)]
    assert authority.x0 > head.x1
    assert authority.bottom == pytest.approx(head.bottom, abs=4)
    assert Line(page, "Hoàng Minh Đức").look == (14, BOLD)
    assert Line(page, "Mã đối chiếu: 7f3a 91c2").look == (11, UPRIGHT)


def test_signature_is_never_alone_on_a_page():
    for count in range(18, 26):
        document = example(blocks=(Paragraph.of("Câu kết."),) * count, annexes=(), bases=())
        last = pdf_body(pdf_pages(pdf.render(document))[-1]).extract_text()
        assert "Câu kết." in last


@pytest.mark.parametrize(("sample", "expected"), [(True, True), (False, False)])
def test_sample_mark_is_on_every_page_of_a_sample_and_on_no_other(sample, expected):
    found = pdf_pages(pdf.render(example(table_rows=40, sample=sample)))
    assert ["DỮ LIỆU MẪU" in page.extract_text() for page in found] == [expected] * len(found)


def test_fonts_are_ours_and_embedded(content):
    fonts = {}
    for page in PdfReader(BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font["/DescendantFonts"][0]
            fonts[font["/BaseFont"].partition("+")[2]] = "/FontFile2" in descendant["/FontDescriptor"]
            assert "/ToUnicode" in font
    assert fonts == {UPRIGHT: True, BOLD: True, ITALIC: True, BOLD_ITALIC: True}


def outline(items, depth=0):
    for item in items:
        if isinstance(item, list):
            yield from outline(item, depth + 1)
        else:
            yield depth, item.title.replace("\u00a0", " ")


def test_bookmarks_follow_the_headings(content):
    document = example()
    assert list(outline(PdfReader(BytesIO(content)).outline)) == [
        (0, f"BÁO CÁO {document.subject}"),
        (1, "I. TÌNH HÌNH NỘP BÁO CÁO"),
        (2, "1. Kết cấu hạ tầng"),
        (3, "a) Giao thông"),
        (1, "Phụ lục I KẾT QUẢ THEO ĐƠN VỊ VÀ TIÊU CHÍ"),
        (1, "Phụ lục II DANH MỤC SỐ LIỆU KHÁC NHAU"),
        (2, "1. Các xã"),
    ]


def test_file_declares_language_title_tags_and_both_standards(content):
    reader = PdfReader(BytesIO(content))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == example().full_title
    assert re.search(r'pdfaid:part="3".*pdfaid:conformance="A"', metadata)
    assert 'pdfuaid:part="1"' in metadata
    assert "/OutputIntents" in root


def tags(element):
    yield element.get("/S")
    children = element.get("/K", [])
    for child in map(resolved, children if isinstance(children, list) else [children]):
        if isinstance(child, dict) and "/S" in child:
            yield from tags(child)


def resolved(element):
    return element.get_object()


def test_structure_has_headings_in_order_tables_with_heads_and_no_layout_tables():
    document = example(annexes=())
    root = PdfReader(BytesIO(pdf.render(document))).trailer["/Root"]["/StructTreeRoot"]
    children = root["/K"] if isinstance(root["/K"], list) else [root["/K"]]
    found = [tag for child in children for tag in tags(child.get_object())]
    assert [tag for tag in found if re.fullmatch(r"/H\d", tag)] == ["/H1", "/H2", "/H3", "/H4"]
    assert found.count("/Table") == 1
    assert found.count("/TH") == 4 + 5 + 1


def test_heading_that_skips_a_level_is_tagged_without_a_gap():
    document = example(blocks=(Heading("a) Sâu", 3), Heading("1. Vừa", 2), Heading("I. Đầu", 1)), annexes=())
    titles = outline(PdfReader(BytesIO(pdf.render(document))).outline)
    assert list(titles)[1:] == [(1, "a) Sâu"), (2, "1. Vừa"), (1, "I. ĐẦU")]


def test_file_contains_nothing_active_whatever_the_text_says():
    text = "http://127.0.0.1:9/ javascript:alert(1) file:///etc/passwd mailto:a@b.vn"
    content = pdf.render(example(subject=text, blocks=(Paragraph.of(text), Bullets.of(text))))
    reader = PdfReader(BytesIO(content))
    assert [page.get("/Annots") for page in reader.pages] == [None] * len(reader.pages)
    root = reader.trailer["/Root"]
    assert {"/OpenAction", "/AA", "/AcroForm"} & set(root) == set()
    assert "/EmbeddedFiles" not in root.get("/Names", {})


ADDRESSES = [
    "http://127.0.0.1:9/a.png",
    "https://example.com/a.css",
    "ftp://127.0.0.1/a",
    "file:///etc/passwd",
    "data:text/plain,abc",
    "app:../../../etc/passwd",
    "app:OFL.txt",
    "/etc/passwd",
    "",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_fetcher_refuses_every_address_but_the_fonts(address):
    with pytest.raises(PermissionError):
        pdf.OwnFilesOnly().fetch(address)
    with pytest.raises(PermissionError):
        pdf.OwnFilesOnly()(address)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{0}">',
        '<link rel="stylesheet" href="{0}">',
        '<link rel="attachment" href="{0}">',
        '<a rel="attachment" href="{0}">x</a>',
        '<style>@import "{0}";</style>',
        "<style>p {{ background: url('{0}') }}</style><p>x</p>",
        "<style>@font-face {{ font-family: X; src: url('{0}') }}</style>",
        '<object data="{0}"></object>',
        '<embed src="{0}">',
    ],
)
def test_markup_that_loads_a_file_stops_the_document(markup, tmp_path):
    """Only for defence in depth: no text of a document ever becomes markup."""
    secret = tmp_path / "secret.txt"
    secret.write_text("BIMAT" * 20)
    with pytest.raises(PermissionError, match=r"secret\.txt"):
        pdf._write("<html lang=vi><title>x</title>" + markup.format(secret.as_uri()), "")


def test_fetcher_gives_the_four_faces_of_the_font():
    faces = [pdf.OwnFilesOnly().fetch(f"app:Tinos-{face}.ttf") for face in ("Regular", "Italic", "Bold", "BoldItalic")]
    assert [response.read()[:4] for response in faces] == [b"\0\1\0\0"] * 4


def test_print_styles_are_all_understood_by_the_renderer(caplog):
    CSS(string=pdf._STYLES.read_text(), url_fetcher=pdf.OwnFilesOnly())
    HTML(string="<p>x", url_fetcher=pdf.OwnFilesOnly()).render(stylesheets=[pdf._styles()[0]])
    assert [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"] == []


def test_document_without_anything_but_a_subject_is_one_page():
    document = Document(subject="x", letterhead=example().letterhead, blocks=(), signature=example().signature)
    assert len(pdf_pages(pdf.render(document))) == 1
