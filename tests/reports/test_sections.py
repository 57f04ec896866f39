"""The sections of a yearly summary: which there are, and what they say of given reports."""

import pytest

from criteria.models import Indicator
from phongtho_thidua.lib.documents.model import Annex, Bullets, Paragraph, Table
from phongtho_thidua.lib.sections import sections_of
from phongtho_thidua.lib.vietnamese import sort_key
from reports.models import Figure, ReportState
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
        ("registrations", "Đăng ký thi đua"),
        ("infrastructure", "Kết quả phát triển kết cấu hạ tầng"),
        ("thrift", "Kết quả thực hành tiết kiệm, chống lãng phí"),
        ("unions", "Kết quả của Mặt trận Tổ quốc, đoàn thể"),
        ("organisations", "Kết quả của các tổ chức, doanh nghiệp, hợp tác xã"),
        ("awards", "Khen thưởng"),
        ("assessment", "Đánh giá chung"),
        ("grades", "Tự đánh giá theo đơn vị"),
        ("figures", "Số liệu theo đơn vị"),
        ("differences", "Chênh lệch giữa số báo cáo và số công nhận"),
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
        "Tỷ lệ giải ngân kế hoạch vốn (HT6), đích 100% của từng đơn vị: 1 trên 2 đơn vị có số liệu đạt; "
        "tính chung toàn huyện 95,0%."
    ]
    assert paragraphs(laid_out("assessment", period_2024))[-1] == (
        "Đích của từng đơn vị: tỷ lệ giải ngân kế hoạch vốn, đích 100% (HT6); 1 trên 2 đơn vị có số liệu đạt."
    )


def test_a_target_that_no_unit_reaches_is_told_without_a_zero(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.von_ke_hoach": 100, "HT6.von_giai_ngan": 90})
    assert bullets(laid_out("infrastructure", period_2024)) == [
        "Tỷ lệ giải ngân kế hoạch vốn (HT6), đích 100% của từng đơn vị: chưa có đơn vị nào đạt trong 1 đơn vị có "
        "số liệu; tính chung toàn huyện 90,0%."
    ]


def test_a_target_of_the_district_is_judged_by_the_common_figure(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"TK3.tong_chi": 1000, "TK3.chi_thuong_xuyen": 815})
    lines = bullets(laid_out("thrift", period_2024))
    assert lines == [
        "Tỷ trọng chi thường xuyên (TK3): 81,5%, đạt mức trong khoảng 80 đến 82%. Cơ sở: 1 trên 30 đơn vị có số liệu.",
        "Tỷ trọng chi thường xuyên (TK3): 81,5%, còn 1,5 điểm phần trăm nữa mới đạt mức tối đa 80%. "
        "Cơ sở: 1 trên 30 đơn vị có số liệu.",
        "Đơn vị sự nghiệp công lập hiện có (TK5), đích giảm ít nhất 10% so với năm 2021 đến năm 2025: chưa có số liệu.",
        "Tỷ lệ cơ sở nhà đất đã sắp xếp, xử lý xong (TK6), đích hoàn thành 100% đến năm 2025: chưa có số liệu.",
        "Tỷ lệ che phủ rừng (TK8), đích ít nhất 47% đến năm 2025: chưa có số liệu.",
    ]


def test_the_assessment_says_only_what_is_met_and_what_is_not(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"TK3.tong_chi": 1000, "TK3.chi_thuong_xuyen": 815})
    blocks = laid_out("assessment", period_2024)
    expected = Unit.objects.filter(reports=True).count()
    assert paragraphs(blocks)[:2] == [
        f"Mới có 1 trên {expected} đơn vị có báo cáo được chấp nhận; đánh giá dưới đây có thể thay đổi khi đủ báo cáo.",
        "Đối chiếu với các đích của Kế hoạch cho toàn huyện, 1 trên 5 đích đã đạt:",
    ]
    assert bullets(blocks) == [
        "Đã đạt: tỷ trọng chi thường xuyên, đích trong khoảng 80 đến 82% (TK3).",
        "Chưa đạt: tỷ trọng chi thường xuyên, đích tối đa 80% (TK3).",
        "Chưa đủ số liệu để đánh giá: đơn vị sự nghiệp công lập hiện có, đích giảm ít nhất 10% so với năm 2021 đến "
        "năm 2025 (TK5); tỷ lệ cơ sở nhà đất đã sắp xếp, xử lý xong, đích hoàn thành 100% đến năm 2025 (TK6); tỷ lệ "
        "che phủ rừng, đích ít nhất 47% đến năm 2025 (TK8).",
    ]


def test_the_assessment_repeats_no_line_of_the_results(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"TK3.tong_chi": 1000, "TK3.chi_thuong_xuyen": 815})
    told = {*bullets(laid_out("infrastructure", period_2024)), *bullets(laid_out("thrift", period_2024))}
    assessed = laid_out("assessment", period_2024)
    assert told & {*bullets(assessed), *paragraphs(assessed)} == set()


def test_the_assessment_invents_nothing_without_reports(period_2024):
    assert paragraphs(laid_out("assessment", period_2024)) == [
        "Chưa có báo cáo nào được chấp nhận nên chưa đánh giá được."
    ]


def test_gifts_that_communes_and_unions_may_both_report_are_not_added_up(cast, unit_of, period_2024):
    union = unit_of("mat-tran-to-quoc")
    report_of(union, period_2024, by=cast.chief, figures={"MT2.dat_hien": 50, "MT2.ngay_cong": NO_DATA})
    note = "Một khoản đất hiến hoặc ngày công có thể do cả xã, thị trấn (HT6) và Mặt trận, đoàn thể (MT2) cùng báo cáo"
    assert [line for line in paragraphs(laid_out("unions", period_2024)) if line.startswith(note)] == []
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": 50})
    told = [line for line in paragraphs(laid_out("unions", period_2024)) if line.startswith(note)]
    assert told == [f"{note}, nên không cộng hai số với nhau."]


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


def test_lists_of_full_names_and_tables_of_short_names_each_keep_their_own_order(cast, unit_of, period_2024):
    for key in ("thi-tran-phong-tho", "xa-dao-san", "phong-tu-phap"):
        report_of(unit_of(key), period_2024, by=cast.chief)
    annex = next(block for block in laid_out("completeness", period_2024) if isinstance(block, Annex))
    full = [str(row[1]) for row in annex.blocks[0].rows]
    assert full == sorted(full, key=sort_key)
    (grades,) = laid_out("grades", period_2024)
    assert [row[0] for row in words(grades.blocks[0].rows)] == [
        "Dào\u00a0San",
        "Phòng\u00a0Tư\u00a0pháp",
        "TT\u00a0Phong\u00a0Thổ",
    ]


def test_the_annex_of_figures_keeps_the_answers_apart(cast, unit_of, period_2024):
    report_of(
        cast.home, period_2024, by=cast.chief, figures={"HT1.goi_thau": 0, "HT1.goi_thau_qua_mang": NOT_APPLICABLE}
    )
    report_of(cast.other, period_2024, by=cast.chief, figures={"HT1.goi_thau": 1250, "HT1.goi_thau_qua_mang": NO_DATA})
    (annex,) = laid_out("figures", period_2024)
    first = table(annex.blocks, "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1")
    assert [row[:3] for row in words([*first.rows, first.total])] == [
        ("Mường\u00a0So", "1.250", "Chưa có số liệu"),
        ("Nậm\u00a0Xe", "0", "Không áp dụng"),
        ("Cộng", "1.250", "Chưa có số liệu"),
    ]


def test_the_annex_of_figures_has_a_table_for_each_group_and_theme(cast, unit_of, period_2024):
    for unit in (cast.home, unit_of("phong-tu-phap"), unit_of("mat-tran-to-quoc"), cast.company):
        report_of(unit, period_2024, by=cast.chief)
    (annex,) = laid_out("figures", period_2024)
    assert [block.caption for block in annex.blocks if isinstance(block, Table)] == [
        "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1 đến HT3)",
        "Xã, thị trấn: phát triển kết cấu hạ tầng (HT4 đến HT6)",
        "Xã, thị trấn: thực hành tiết kiệm, chống lãng phí (TK1 đến TK6)",
        "Xã, thị trấn: thực hành tiết kiệm, chống lãng phí (TK7 đến TK9)",
        "Phòng, cơ quan: phát triển kết cấu hạ tầng (HT1 đến HT3)",
        "Phòng, cơ quan: phát triển kết cấu hạ tầng (HT4 đến HT6)",
        "Phòng, cơ quan: thực hành tiết kiệm, chống lãng phí (TK1 đến TK5)",
        "Phòng, cơ quan: thực hành tiết kiệm, chống lãng phí (TK6 đến TK9)",
        "Mặt trận, đoàn thể: thực hành tiết kiệm, chống lãng phí (MT1)",
        "Mặt trận, đoàn thể: kết cấu hạ tầng và tiết kiệm, chống lãng phí (MT2 đến MT3)",
        "Doanh nghiệp, hợp tác xã, tổ chức khác: phát triển kết cấu hạ tầng (TC2 đến TC3)",
        "Doanh nghiệp, hợp tác xã, tổ chức khác: thực hành tiết kiệm, chống lãng phí (TC1)",
    ]


def test_the_annex_of_figures_asks_a_group_only_what_its_kind_is_asked(cast, unit_of, period_2024):
    report_of(unit_of("phong-tu-phap"), period_2024, by=cast.chief)
    (annex,) = laid_out("figures", period_2024)
    heads = [column.label for block in annex.blocks if isinstance(block, Table) for column in block.columns]
    assert [head for head in heads if "Đất Nhân dân hiến" in head or head.startswith("TK8")] == []
    assert not [row for block in annex.blocks if isinstance(block, Table) for row in block.rows if None in row]


def test_a_group_adds_up_its_own_units_and_only_a_figure_of_the_district_leads_on(cast, unit_of, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT1.goi_thau": 3, "HT6.dat_hien": 40})
    report_of(unit_of("phong-tu-phap"), period_2024, by=cast.chief, figures={"HT1.goi_thau": 2})
    (annex,) = laid_out("figures", period_2024)
    tables = [block for block in annex.blocks if isinstance(block, Table)]
    totals = [
        (column.label, str(cell), cell.ref)
        for block in tables
        for column, cell in zip(block.columns, block.total, strict=True)
        if column.label in ("HT1. Gói thầu đã chọn nhà thầu trong năm", "HT6. Đất Nhân dân hiến làm công trình")
    ]
    assert totals == [
        ("HT1. Gói thầu đã chọn nhà thầu trong năm", "3", ""),
        ("HT6. Đất Nhân dân hiến làm công trình", "40", "HT6.dat_hien"),
        ("HT1. Gói thầu đã chọn nhà thầu trong năm", "2", ""),
    ]


def test_figures_of_a_criterion_that_does_not_apply_are_not_applicable_typed_or_not(cast, unit_of, period_2024):
    report_of(cast.home, period_2024, by=cast.chief)
    report = report_of(cast.other, period_2024, by=cast.chief, off=["HT1"])
    Figure.objects.filter(report=report, indicator__criterion__code="HT1").update(answer="", value=None)
    (annex,) = laid_out("figures", period_2024)
    first = table(annex.blocks, "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1")
    assert words(first.rows)[0][:3] == ("Mường\u00a0So", "Không áp dụng", "Không áp dụng")


def test_a_unit_to_which_nothing_of_a_table_applies_is_named_once_under_it(cast, unit_of, period_2024):
    codes = ["HT1", "HT2", "HT3", "HT4", "HT5", "HT6"]
    report_of(cast.home, period_2024, by=cast.chief)
    report_of(cast.other, period_2024, by=cast.chief, off=codes)
    (annex,) = laid_out("figures", period_2024)
    first = table(annex.blocks, "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1")
    assert [row[0] for row in words(first.rows)] == ["Nậm\u00a0Xe"]
    assert first.note == "Không áp dụng mọi chỉ tiêu của bảng này: Mường So."


def test_the_total_of_units_that_are_all_exempt_is_not_applicable(cast, unit_of, period_2024):
    for unit in (cast.home, cast.other):
        report_of(unit, period_2024, by=cast.chief, off=["HT1"])
    (annex,) = laid_out("figures", period_2024)
    first = table(annex.blocks, "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1")
    assert words([first.total])[0][:3] == ("Cộng", "Không áp dụng", "Không áp dụng")


def test_a_table_that_applies_to_nobody_is_one_sentence(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, off=["HT1", "HT2", "HT3", "HT4", "HT5", "HT6"])
    (annex,) = laid_out("figures", period_2024)
    assert paragraphs(annex.blocks)[1:] == [
        "Xã, thị trấn: phát triển kết cấu hạ tầng (HT1 đến HT3): mọi chỉ tiêu không áp dụng cho Nậm Xe.",
        "Xã, thị trấn: phát triển kết cấu hạ tầng (HT4 đến HT6): mọi chỉ tiêu không áp dụng cho Nậm Xe.",
    ]


def test_the_annex_of_figures_leaves_a_cell_empty_where_the_unit_was_not_asked(cast, unit_of, period_2024):
    report_of(cast.home, period_2024, by=cast.chief)
    report_of(unit_of("thi-tran-phong-tho"), period_2024, by=cast.chief)
    indicator = Indicator.objects.get(code="HT6.dat_hien")
    indicator.askings.filter(unit_kind="township").delete()
    (annex,) = laid_out("figures", period_2024)
    gifts = next(block for block in annex.blocks if isinstance(block, Table)
                 and any("Đất Nhân dân" in column.label for column in block.columns))  # fmt: skip
    place = next(i for i, column in enumerate(gifts.columns) if "Đất Nhân dân" in column.label)
    assert [row[place] for row in words(gifts.rows)] == ["0", ""]
    assert gifts.note == "Ô trống: chỉ tiêu không đặt ra cho loại đơn vị này."
