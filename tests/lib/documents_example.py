"""A rich document for the tests of all faces: every kind of block, the longest names, stacked accents, two annexes."""

from datetime import date
from decimal import Decimal

from phongtho_thidua.lib.documents.model import (
    NBSP,
    Annex,
    Bullets,
    Column,
    Document,
    Heading,
    Letterhead,
    Number,
    Paragraph,
    Signature,
    Table,
)

UNITS = (
    "Bản Lang", "Dào San", "Hoang Thèn", "Huổi Luông", "Khổng Lào", "Lản Nhì Thàng", "Ma Li Pho", "Mồ Sì San",
    "Mù Sang", "Mường So", "Nậm Xe", "Pa Vây Sử", "Sì Lở Lầu", "Sin Suối Hồ", "Tung Qua Lìn", "Vàng Ma Chải",
    "Thị trấn Phong Thổ",
)  # fmt: skip
LONGEST_NAME = "Ban Quản lý dự án đầu tư xây dựng và phát triển quỹ đất huyện Phong Thổ"
STACKED = "Ể Ộ Ẵ ẵ ử ữ Đ đ ỷ ỵ ặ ằ ớ ợ Ở Ỡ ễ ệ"


def figure(value, decimals=None, unit="", ref=""):
    return Number(Decimal(str(value)), decimals, unit, ref)


def capital_table(rows=5):
    columns = (
        Column("Đơn vị", width=3),
        Column("Kế hoạch", "triệu đồng", "number", 2),
        Column("Giải ngân", "triệu đồng", "number", 2),
        Column("Tỷ lệ", "%", "number"),
    )
    units = (UNITS[i % len(UNITS)].replace(" ", NBSP) for i in range(rows))
    body = [(unit, figure(8510 + 7 * i), figure(-3 + i), figure("92.25", 1)) for i, unit in enumerate(units)]
    body[0] = (LONGEST_NAME, figure(0), "không áp dụng", None)
    total = ("Cộng", figure("143830.5"), figure(135059), figure("93.9", 1))
    return Table("Giải ngân vốn đầu tư công", columns, body, total, "Nguồn: Phòng Tài chính - Kế hoạch thẩm tra.")


def matrix(rows=5, columns=12):
    heads = (Column("Đơn vị", width=3), *(Column(f"HT{i}", kind="number") for i in range(1, columns + 1)))
    body = [(UNITS[i % len(UNITS)].replace(" ", NBSP), *(figure(i * j) for j in range(columns))) for i in range(rows)]
    return Table("", heads, body)


def blocks(table_rows=5):
    return (
        Heading("I. Tình hình nộp báo cáo"),
        Paragraph.of(
            "Đến ngày 31/12/2024, các xã, thị trấn đã giải ngân ", figure(135059, ref="giai-ngan"), " trên ",
            figure(143830), " triệu đồng kế hoạch vốn đầu tư công, đạt ", figure("93.9", 1, "%", ref="ty-le"),
            "; 3 trên 17 đơn vị đạt đích 100%. Số liệu do các phòng thẩm tra, thường trực Hội đồng công nhận.",
        ),
        Paragraph.of(STACKED),
        Heading("1. Kết cấu hạ tầng", 2),
        Heading("a) Giao thông", 3),
        Bullets.of("Nhân dân hiến đất làm đường;", Paragraph.of("Hiến ", figure(48260, unit="m²"), " đất.")),
        capital_table(table_rows),
        Paragraph.of("Dòng một\nDòng hai"),
    )  # fmt: skip


def example(table_rows=5, matrix_rows=5, **changes):
    parts = {
        "subject": "Kết quả Phong trào thi đua “Phong Thổ đẩy mạnh phát triển kết cấu hạ tầng đồng bộ, hiện đại; "
        "thực hành tiết kiệm, chống lãng phí” năm 2024",
        "letterhead": Letterhead("Ủy ban nhân dân huyện Phong Thổ", "Phòng Nội vụ"),
        "addressees": ("Hội đồng Thi đua - Khen thưởng huyện", "Ủy ban nhân dân huyện"),
        "bases": ("Căn cứ Luật Thi đua, khen thưởng;", "Căn cứ Kế hoạch phát động Phong trào thi đua"),
        "blocks": blocks(table_rows),
        "signature": Signature(("Trưởng phòng",), "Hoàng Minh Đức".replace(" ", NBSP)),
        "distribution": ("Như trên", "Các xã, thị trấn", "Lưu: VT, NV"),
        "annexes": (
            Annex("Kết quả theo đơn vị và tiêu chí", (matrix(matrix_rows),)),
            Annex("Danh mục số liệu khác nhau", (Heading("1. Các xã", 2), capital_table(3)), landscape=False),
        ),
        "day": date(2025, 1, 9),
        "number": 5,
        "reference": "7f3a 91c2",
    }
    return Document(**{**parts, **changes})
