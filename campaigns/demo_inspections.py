"""Sample inspections of 2024: one that is being followed, one closed, one still planned."""

from datetime import date

from campaigns.models import Finding, Period
from campaigns.services import inspections as deeds
from criteria.selectors import forms_for
from units.demo import Story, moment_of, people_of
from units.models import Role, Unit

INSPECTED = 2024


def stories(year: int) -> list[Story]:
    """One for every inspection of `year`; `units.demo.play` lets them happen."""
    if year != INSPECTED:
        return []
    period = Period.objects.get(year=year)
    return [_followed(period), _closed(period), _planned(period)]


def _plan(period, unit: Unit, office: Unit, *, document: str, subject: str, planned_on: date, team: str):
    plan = {"document": document, "subject": subject, "planned_on": planned_on, "team": team}
    return deeds.plan_inspection(unit=unit, led_by=office, period=period, by=_officer(office), **plan)


def _unit(key: str) -> Unit:
    return Unit.objects.get(key=key)


def _officer(unit: Unit):
    return people_of(unit, Role.OFFICER)[0]


def _find(row, code: str, *, text: str, recommendation: str = "", due_on: date | None = None) -> Finding:
    criterion = next(one for one in forms_for(row.unit.kind, row.period.year) if one.code == code)
    asked = {"recommendation": recommendation, "due_on": due_on}
    return deeds.add_finding(inspection=row, criterion=criterion, text=text, by=_officer(row.led_by), **asked)


def _followed(period) -> Story:
    unit, office = _unit("xa-nam-xe"), _unit("thanh-tra-huyen")
    yield moment_of("2024-02-20T09:00")
    row = _plan(
        period,
        unit,
        office,
        document="Kế hoạch thanh tra năm 2024, mục 4",
        subject="Thực hành tiết kiệm, chống lãng phí năm 2023 và 9 tháng năm 2024",
        planned_on=date(2024, 10, 15),
        team="Trưởng đoàn: Trần Đình Phúc\nThành viên: Mai Thị Hiền",
    )
    yield moment_of("2024-10-15T15:30")
    first = _find(
        row,
        "TK4",
        text="Hai cuộc họp giao ban tháng 5 và tháng 6 in tài liệu giấy cho toàn bộ đại biểu dù đã gửi bản điện tử.",
        recommendation="Chỉ gửi tài liệu họp bản điện tử; ghi rõ trong quy chế chi tiêu nội bộ.",
        due_on=date(2024, 12, 16),
    )
    _find(row, "HT1", text="Hồ sơ 2 gói thầu chọn xem đủ thành phần, đăng tải đúng quy định.")
    yield moment_of("2024-10-16T08:40")
    told = "Xã chấp hành cơ bản đúng; còn một nội dung phải khắc phục về tài liệu họp."
    deeds.carry_out(inspection=row, carried_out_on=date(2024, 10, 15), conclusion=told, by=_officer(office))
    yield moment_of("2024-11-25T10:05")
    note = "Từ tháng 11 xã chỉ gửi tài liệu họp qua hệ thống văn bản; quy chế sửa đổi đang lấy ý kiến công chức."
    deeds.follow(finding=first, name="answer", note=note, by=_officer(unit))


def _closed(period) -> Story:
    unit, office = _unit("xa-muong-so"), _unit("phong-tai-chinh-ke-hoach")
    yield moment_of("2024-03-12T14:00")
    row = _plan(
        period,
        unit,
        office,
        document="Kế hoạch kiểm tra ngân sách xã năm 2024",
        subject="Quản lý, sử dụng ngân sách xã",
        planned_on=date(2024, 5, 21),
        team="Trưởng đoàn: Nguyễn Thu Hà",
    )
    yield moment_of("2024-05-21T16:10")
    finding = _find(
        row,
        "HT6",
        text="Chậm đối chiếu số vốn đã giải ngân quý I với Kho bạc.",
        recommendation="Đối chiếu số giải ngân với Kho bạc trước ngày 10 tháng đầu mỗi quý.",
        due_on=date(2024, 7, 31),
    )
    told = "Sổ sách đủ; đề nghị đối chiếu số giải ngân đúng hạn."
    deeds.carry_out(inspection=row, carried_out_on=date(2024, 5, 21), conclusion=told, by=_officer(office))
    yield moment_of("2024-07-09T09:20")
    note = "Đã đối chiếu quý II ngày 08/7/2024, có xác nhận của Kho bạc."
    deeds.follow(finding=finding, name="answer", note=note, by=_officer(unit))
    yield moment_of("2024-07-10T08:30")
    seen = "Đã xem bản xác nhận của Kho bạc, khớp số."
    deeds.follow(finding=finding, name="close", note=seen, by=_officer(office))
    deeds.close_inspection(inspection=row, by=_officer(office))


def _planned(period) -> Story:
    unit, office = _unit("xa-huoi-luong"), _unit("mat-tran-to-quoc")
    yield moment_of("2024-11-18T10:00")
    _plan(
        period,
        unit,
        office,
        document="Kế hoạch giám sát năm 2024 của Ban Thường trực",
        subject="Giám sát huy động đóng góp của Nhân dân làm đường bản",
        planned_on=date(2024, 12, 10),
        team="Trưởng đoàn: Vàng Văn Chung",
    )
