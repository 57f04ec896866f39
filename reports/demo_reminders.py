"""Sample leeway and letters of 2024: an extension granted, one that waits, an excusal, a round sent and one waiting."""

from campaigns.models import Period
from campaigns.services.leeway import ask_extension, excuse, grant_extension
from reports.services.reminders import prepare_reminder
from units.demo import Story, moment_of, people_of
from units.models import Duty, Mandate, Role, Unit
from units.services.outbox import send_mailing

_UNTIL = moment_of("2024-12-20T17:00")
_REMINDED = ("doan-thanh-nien", "trung-tam-van-hoa", "xa-mu-sang")
_TO_REMIND = ("xa-vang-ma-chai", "xa-mo-si-san", "xa-mu-sang")


def stories(year: int) -> list[Story]:
    if year != 2024:
        return []
    period, office = Period.objects.get(year=year), Mandate.objects.get(duty=Duty.STANDING_OFFICE, valid_to=None).unit
    official = people_of(office, Role.OFFICER)[0]
    return [_extended(period, official), _asked(period), _excused(period, official), _reminded(period, official)]


def _asked(period) -> Story:
    yield moment_of("2024-11-29T15:20")
    unit = Unit.objects.get(key="xa-huoi-luong")
    reason = "Cán bộ đầu mối đi cơ sở khắc phục sạt lở đường Huổi Luông, chưa đối chiếu xong số liệu với Kho bạc."
    ask_extension(unit=unit, period=period, reason=reason, wanted_until=_UNTIL, by=people_of(unit, Role.OFFICER)[0])


def _extended(period, official) -> Story:
    yield moment_of("2024-11-27T08:40")
    unit = Unit.objects.get(key="xa-tung-qua-lin")
    reason = "Mưa lũ cuối tháng 11 chia cắt đường vào 4 bản, chưa thu đủ số liệu nhân dân đóng góp."
    by = people_of(unit, Role.OFFICER)[0]
    extension = ask_extension(unit=unit, period=period, reason=reason, wanted_until=_UNTIL, by=by)
    yield moment_of("2024-11-27T14:05")
    grant_extension(extension=extension, until=_UNTIL, answer="Đồng ý, nộp đủ 15 tiêu chí.", by=official)


def _excused(period, official) -> Story:
    yield moment_of("2024-11-28T09:30")
    unit = Unit.objects.get(key="mau-xay-dung-phong-tho")
    reason = "Doanh nghiệp tạm ngừng kinh doanh từ tháng 3 đến tháng 12 năm 2024, không có hoạt động để báo cáo."
    document = "Công văn mẫu số 00/UBND-NV ngày 27/11/2024"
    excuse(unit=unit, period=period, reason=reason, document=document, by=official)


def _reminded(period, official) -> Story:
    yield moment_of("2024-11-25T08:10")
    units = Unit.objects.in_bulk(field_name="key")
    mailing = prepare_reminder(period=period, units=[units[key].pk for key in _REMINDED], by=official)
    yield moment_of("2024-11-25T08:20")
    send_mailing(mailing=mailing, by=official)
    yield moment_of("2024-11-29T16:30")
    prepare_reminder(period=period, units=[units[key].pk for key in _TO_REMIND], by=official)
