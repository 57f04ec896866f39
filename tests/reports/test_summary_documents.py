"""From reports to three files: one frozen view, the same words in every face, the same bytes every time."""

import hashlib
import json
import re
from io import BytesIO

import pytest
from docx import Document as WordFile
from openpyxl import load_workbook
from pypdf import PdfReader

from phongtho_thidua.lib.documents import docx, pdf, xlsx
from phongtho_thidua.lib.documents.words import words_of
from reports.documents import snapshot, store
from reports.documents.paper import paper_of
from reports.models import Entry
from tests.reports.filled import NO_DATA, report_of
from units.models import Unit
from units.services.registry import rename_unit

pytestmark = pytest.mark.django_db
HOSTILE = "=1+1 <script>alert(1)</script> {{ 7*7 }} Ể ẵ"


@pytest.fixture
def reported(cast, period_2024, december):
    figures = {"HT6.von_ke_hoach": "8650.5", "HT6.von_giai_ngan": 7962, "TK8.dien_tich_rung": NO_DATA}
    report_of(cast.home, period_2024, by=cast.chief, figures=figures)
    report_of(cast.company, period_2024, by=cast.chief, figures={"TC2.tien": 120})


def frozen(period):
    text = snapshot.take(period.pk)
    return text, snapshot.digest_of(text)


def pdf_words(content):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def docx_words(content):
    file = WordFile(BytesIO(content))
    return " ".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t"))


def xlsx_words(content):
    book = load_workbook(BytesIO(content))
    return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)


def test_a_snapshot_is_canonical_json_with_everything_that_is_printed(reported, period_2024):
    text, digest = frozen(period_2024)
    data = json.loads(text)
    assert text == json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert sorted(data) == ["formula_version", "head", "kind", "period", "sections", "taken_at", "unit_map"]
    assert data["taken_at"].startswith("2024-12-02T09:00")
    assert data["unit_map"]["day"] == "2024-12-13"
    assert len(data["unit_map"]["units"]) == Unit.objects.filter(reports=True).count()


def test_two_snapshots_of_unchanged_data_differ_only_in_their_moment(reported, period_2024):
    first, second = (json.loads(snapshot.take(period_2024.pk)) for _ in range(2))
    assert first.pop("taken_at") <= second.pop("taken_at")
    assert first == second


def test_the_head_says_who_writes_to_whom_about_what(reported, period_2024):
    document = paper_of(*frozen(period_2024))
    assert (document.letterhead.parent, document.letterhead.issuer) == (
        "Ủy ban nhân dân huyện Phong Thổ",
        "Phòng Nội vụ",
    )
    assert (document.symbol, document.place, document.number, document.day) == ("BC-NV", "Phong Thổ", None, None)
    assert document.subject == (
        "Kết quả thực hiện Phong trào thi đua “Phong Thổ đẩy mạnh phát triển kết cấu hạ tầng đồng bộ, hiện đại; "
        "thực hành tiết kiệm, chống lãng phí” năm 2024"
    )
    assert document.addressees == ("Hội đồng Thi đua, khen thưởng huyện Phong Thổ",)
    assert document.signature.lines == ["TRƯỞNG PHÒNG"]
    assert document.distribution[-1] == "Lưu: VT, NV"
    assert not document.sample


def test_one_sample_report_marks_the_whole_paper(cast, period_2024, december):
    report = report_of(cast.home, period_2024, by=cast.chief)
    report.is_sample = True
    report.save()
    assert paper_of(*frozen(period_2024)).sample


def test_sections_are_numbered_in_their_order(reported, period_2024):
    document = paper_of(*frozen(period_2024))
    headings = [block.text for block in document.blocks if getattr(block, "level", 0) == 1]
    assert headings == [
        "I. Tình hình báo cáo",
        "II. Đăng ký thi đua",
        "III. Kết quả phát triển kết cấu hạ tầng",
        "IV. Kết quả thực hành tiết kiệm, chống lãng phí",
        "V. Kết quả của Mặt trận Tổ quốc, đoàn thể",
        "VI. Kết quả của các tổ chức, doanh nghiệp, hợp tác xã",
        "VII. Khen thưởng",
        "VIII. Đánh giá chung",
    ]
    assert [annex.title for annex in document.annexes] == [
        "Danh sách đơn vị và tình hình nộp báo cáo năm 2024",
        "Kết quả tự đánh giá của từng đơn vị năm 2024",
        "Số liệu của từng đơn vị năm 2024",
    ]


@pytest.mark.slow
def test_the_three_faces_say_the_same_words(reported, period_2024):
    document = paper_of(*frozen(period_2024))
    wanted = set(words_of(document))
    in_pdf = "".join(pdf_words(pdf.render(document)).split())
    assert [word for word in wanted if word not in in_pdf] == []
    in_word = docx_words(docx.render(document))
    assert [word for word in wanted if word not in in_word] == []
    numbers = {"8.650,5": "8650.5", "7.962": "7962", "120": "120"}
    in_excel = xlsx_words(xlsx.render(document))
    assert [word for word in wanted if not re.search(r"\d", word) and word not in in_excel] == []
    assert [number for shown, number in numbers.items() if shown not in wanted or number not in in_excel.split()] == []


@pytest.mark.slow
def test_a_stored_snapshot_gives_the_same_bytes_again_whatever_has_changed_since(cast, reported, period_2024):
    stored = frozen(period_2024)
    first = [render(paper_of(*stored)) for render in (pdf.render, docx.render, xlsx.render)]
    Entry.objects.update(grade="not_done")
    rename_unit(unit=cast.home, name="UBND xã Tên Mới", short_name="Tên Mới", valid_from=period_2024.due_at.date(),
                document="NQ", by=cast.chief)  # fmt: skip
    assert [render(paper_of(*stored)) for render in (pdf.render, docx.render, xlsx.render)] == first


@pytest.mark.slow
def test_a_hostile_name_comes_out_of_every_face_as_the_same_harmless_text(cast, period_2024, december):
    rename_unit(unit=cast.home, name=HOSTILE, short_name=HOSTILE, valid_from=period_2024.opens_at.date(),
                document="NQ", by=cast.chief)  # fmt: skip
    cast.home.refresh_from_db()
    report_of(cast.home, period_2024, by=cast.chief)
    document = paper_of(*frozen(period_2024))
    squeezed = "".join(HOSTILE.split())
    assert squeezed in "".join(pdf_words(pdf.render(document)).split())
    assert squeezed in "".join(docx_words(docx.render(document)).split())
    book = load_workbook(BytesIO(xlsx.render(document)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if "1+1" in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_name_of_a_unit_is_that_of_the_due_date(cast, reported, period_2024):
    rename_unit(unit=cast.home, name="UBND xã Mai Sau", short_name="Mai Sau", document="NQ", by=cast.chief,
                valid_from=period_2024.due_at.date().replace(year=2025))  # fmt: skip
    text = snapshot.take(period_2024.pk)
    assert "UBND xã Nậm Xe" in text
    assert "Mai Sau" not in text


def test_files_are_kept_by_hash_whole_and_once(settings, tmp_path):
    settings.ISSUED_DIR = tmp_path
    digest = store.keep(b"paper")
    assert digest == hashlib.sha256(b"paper").hexdigest()
    assert store.keep(b"paper") == digest
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [b"paper"]
    assert store.path_of(digest).read_bytes() == b"paper"


def test_a_disk_that_refuses_leaves_nothing_behind(settings, tmp_path, monkeypatch):
    settings.ISSUED_DIR = tmp_path

    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        store.keep(b"paper")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
