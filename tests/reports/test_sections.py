"""The sections of a yearly summary: which there are, and what they say of given reports."""

import pytest

from phongtho_thidua.lib.documents.model import Annex, Bullets, Paragraph, Table
from phongtho_thidua.lib.sections import sections_of
from reports.models import ReportState
from tests.reports.filled import NO_DATA, NOT_APPLICABLE, report_of
from units.models import Unit

pytestmark = pytest.mark.django_db


def laid_out(name, period):
    section = next(one for one in sections_of("yearly") if one.name == name)
    return section.lay_out(section.gather(period))


def paragraphs(blocks):
    return [str(block) for block in blocks if isinstance(block, Paragraph)]


def bullets(blocks):
    return [str(item) for block in blocks if isinstance(block, Bullets) for item in block.items]


def table(blocks, caption):
    return next(block for block in blocks if isinstance(block, Table) and block.caption.startswith(caption))


def words(rows):
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


def test_a_yearly_summary_has_exactly_these_sections():
    assert [(one.name, one.title) for one in sections_of("yearly")] == [
        ("completeness", "Tình hình báo cáo"),
        ("infrastructure", "Kết quả phát triển kết cấu hạ tầng"),
        ("thrift", "Kết quả thực hành tiết kiệm, chống lãng phí"),
        ("unions", "Kết quả của Mặt trận Tổ quốc, đoàn thể"),
        ("organisations", "Kết quả của các tổ chức, doanh nghiệp, hợp tác xã"),
        ("awards", "Khen thưởng"),
        ("assessment", "Đánh giá chung"),
        ("grades", "Tự đánh giá theo đơn vị"),
        ("figures", "Số liệu theo đơn vị"),
        ("eligible", "Danh sách đủ điều kiện khen thưởng"),
    ]


def test_completeness_names_everybody_who_is_missing(cast, period_2024):
    reporting = list(Unit.objects.filter(reports=True).exclude(pk__in=[cast.home.pk, cast.other.pk, cast.company.pk]))
    for unit in reporting:
        report_of(unit, period_2024, by=cast.chief)
    report_of(cast.home, period_2024, by=cast.chief, state=ReportState.DRAFT)
    report_of(cast.other, period_2024, by=cast.chief, state=ReportState.RETURNED, late=True)
    blocks = laid_out("completeness", period_2024)
    total = len(reporting) + 3
    assert paragraphs(blocks)[0] == (
        f"Năm 2024 có {total} đơn vị phải báo cáo kết quả thực hiện Phong trào thi đua (Kế hoạch, mục VI.5); hạn nộp "
        f"17:00 ngày 13/12/2024. Đến lúc chốt số liệu có {total - 2} trên {total} đơn vị đã nộp, trong đó "
        f"{len(reporting)} đúng hạn, 1 nộp muộn; {len(reporting)} báo cáo đã được chấp nhận."
    )
    assert bullets(blocks) == [
        "Chưa nộp báo cáo (2 đơn vị): Công ty TNHH Xây dựng Mẫu; UBND xã Nậm Xe.",
        "Đã nộp, chưa được chấp nhận (1 đơn vị): UBND xã Mường So.",
    ]


def test_completeness_lists_every_unit_once_in_its_annex(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, late=True)
    annex = next(block for block in laid_out("completeness", period_2024) if isinstance(block, Annex))
    rows = words(annex.blocks[0].rows)
    assert len(rows) == Unit.objects.filter(reports=True).count()
    assert [row[1:] for row in rows if row[1] == "UBND xã Nậm Xe"] == [
        ("UBND xã Nậm Xe", "Xã", "Đã chấp nhận", "18:00 13/12/2024", "Nộp muộn")
    ]
    assert {row[3] for row in rows if row[1] != "UBND xã Nậm Xe"} == {"Chưa lập báo cáo"}


def test_completeness_says_when_nobody_is_missing(cast, period_2024):
    for unit in Unit.objects.filter(reports=True):
        report_of(unit, period_2024, by=cast.chief)
    blocks = laid_out("completeness", period_2024)
    assert paragraphs(blocks)[-1] == "Tất cả đơn vị đã nộp và báo cáo đều đã được chấp nhận."
    assert bullets(blocks) == []


def test_results_count_self_grades_by_criterion(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, grade="excellent")
    report_of(cast.other, period_2024, by=cast.chief, grade="not_done", off=["HT3"])
    rows = words(table(laid_out("infrastructure", period_2024), "Kết quả tự đánh giá").rows)
    assert [row[0].partition(".")[0] for row in rows] == ["HT1", "HT2", "HT3", "HT4", "HT5", "HT6"]
    assert rows[0][1:] == ("1", "0", "0", "1", "0", "0")
    assert rows[2][1:] == ("1", "0", "0", "0", "1", "0")


def test_results_tell_every_figure_with_its_base(cast, unit_of, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": "1500.5"})
    report_of(cast.other, period_2024, by=cast.chief, figures={"HT6.dat_hien": NOT_APPLICABLE})
    report_of(unit_of("xa-dao-san"), period_2024, by=cast.chief, figures={"HT6.dat_hien": NO_DATA})
    rows = words(table(laid_out("infrastructure", period_2024), "Kết quả theo chỉ tiêu").rows)
    assert next(row for row in rows if row[0].startswith("HT6. Đất")) == (
        "HT6. Đất Nhân dân hiến làm công trình",
        "m²",
        "1.500,5",
        "1 trên 17; 1 không áp dụng; 1 chưa có số liệu",
    )


def test_a_target_of_each_unit_is_told_by_how_many_reach_it(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.von_ke_hoach": 100, "HT6.von_giai_ngan": 100})
    report_of(cast.other, period_2024, by=cast.chief, figures={"HT6.von_ke_hoach": 300, "HT6.von_giai_ngan": 280})
    assert bullets(laid_out("infrastructure", period_2024)) == [
        "Tỷ lệ giải ngân kế hoạch vốn (HT6): toàn huyện 95,0%; 1 trên 2 đơn vị có số liệu đạt đích 100% "
        "của từng đơn vị. Cơ sở: 2 trên 33 đơn vị có số liệu."
    ]


def test_a_target_of_the_district_is_judged_by_the_common_figure(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"TK3.tong_chi": 1000, "TK3.chi_thuong_xuyen": 815})
    lines = bullets(laid_out("thrift", period_2024))
    assert lines[0] == (
        "Tỷ trọng chi thường xuyên (TK3), đích trong khoảng 80 đến 82%: 81,5%, đạt mức trong khoảng 80 đến 82%. "
        "Cơ sở: 1 trên 30 đơn vị có số liệu."
    )
    met = [line for line in paragraphs(laid_out("assessment", period_2024)) if line.startswith("Đối chiếu")]
    assert met == ["Đối chiếu với các đích của Kế hoạch cho toàn huyện: 1 trên 5 đích đã đạt."]


def test_the_assessment_invents_nothing_without_reports(period_2024):
    blocks = laid_out("assessment", period_2024)
    assert paragraphs(blocks)[:2] == [
        "Đối chiếu với các đích của Kế hoạch cho toàn huyện: 0 trên 5 đích đã đạt.",
        "Chỉ tiêu chưa đủ số liệu để đánh giá:",
    ]


def test_an_audience_without_units_says_so(period_2024):
    assert paragraphs(laid_out("organisations", period_2024)) == [
        "Năm 2024 danh bạ không có đơn vị nào thuộc nhóm: Các tổ chức, doanh nghiệp, hợp tác xã, hộ gia đình."
    ]


def test_an_audience_whose_units_have_not_reported_says_so(cast, period_2024):
    blocks = laid_out("organisations", period_2024)
    assert paragraphs(blocks)[1:] == ["Chưa có số liệu để tổng hợp."]
    assert not [block for block in blocks if isinstance(block, Table)]


def test_the_annex_of_grades_has_a_row_for_each_accepted_unit(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, grade="excellent", off=["TK9"])
    report_of(cast.other, period_2024, by=cast.chief, state=ReportState.SUBMITTED)
    (annex,) = laid_out("grades", period_2024)
    assert annex.landscape
    (authorities,) = annex.blocks
    assert words(authorities.rows) == [("Nậm\u00a0Xe", *["XS"] * 14, "KAD")]


def test_the_annex_of_figures_keeps_the_answers_apart(cast, unit_of, period_2024):
    report_of(
        cast.home, period_2024, by=cast.chief, figures={"HT1.goi_thau": 0, "HT1.goi_thau_qua_mang": NOT_APPLICABLE}
    )
    report_of(cast.other, period_2024, by=cast.chief, figures={"HT1.goi_thau": 1250, "HT1.goi_thau_qua_mang": NO_DATA})
    (annex,) = laid_out("figures", period_2024)
    first = annex.blocks[0]
    assert words([*first.rows, first.total]) == [
        ("Mường\u00a0So", "1.250", "Chưa có số liệu"),
        ("Nậm\u00a0Xe", "0", "Không áp dụng"),
        ("Toàn huyện", "1.250", "Chưa có số liệu"),
    ]


def test_the_annex_of_figures_leaves_a_cell_empty_where_the_unit_was_not_asked(cast, unit_of, period_2024):
    report_of(unit_of("phong-tu-phap"), period_2024, by=cast.chief)
    (annex,) = laid_out("figures", period_2024)
    capital = table(annex.blocks, "HT6")
    assert words(capital.rows)[0] == ("Phòng\u00a0Tư\u00a0pháp", "0", "0", "Không phát sinh", "0", "", "")
