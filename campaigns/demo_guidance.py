"""Sample guidance of the finance office, and questions of two communes: one answered, one waiting."""

from datetime import datetime

from campaigns.models import Question
from campaigns.services import guidance
from criteria.models import Criterion, Indicator
from phongtho_thidua.lib import clock
from units.demo import Story
from units.models import User

YEAR = 2024
CAPITAL = "HT6.von_giai_ngan"


def stories(year: int) -> list[Story]:
    return [_guidance(), _answered(), _waiting()] if year == YEAR else []


def _about(code: str) -> dict:
    indicator = Indicator.objects.select_related("criterion__sector").get(code=code)
    return {"criterion": indicator.criterion, "indicator": indicator}


def _person(username: str) -> User:
    return User.objects.get(username=username)


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return clock.at(datetime(YEAR, month, day, tzinfo=clock.VIETNAM).date(), hour, minute)


def _guidance() -> Story:
    yield _at(11, 4, 9, 20)
    lead = _person("ha.nt.tckh")
    text = "Lấy số Kho bạc xác nhận đến 30/11. Khối lượng đã nghiệm thu nhưng chưa thanh toán thì chưa ghi vào đây."
    guidance.give(**_about(CAPITAL), text=text, document="Số 214/TCKH-NS ngày 01/11/2024", by=lead)
    criterion = Criterion.objects.select_related("sector").get(code="HT1")
    text = "Chỉ tính gói thầu do chính đơn vị làm chủ đầu tư; gói thầu ủy thác thì bên được ủy thác báo cáo."
    guidance.give(criterion=criterion, indicator=None, text=text, by=lead)


def _answered() -> Story:
    asker = _person("thuy.dt.muongso")
    yield _at(11, 12, 14, 5)
    asked = "Vốn kéo dài từ năm 2023 sang đã giải ngân trong năm 2024 thì có cộng vào số này không?"
    question = guidance.ask(unit=asker.posts[0].unit, **_about(CAPITAL), text=asked, by=asker)
    yield _at(11, 13, 8, 40)
    told = "Không cộng. Vốn kéo dài ghi riêng ở phần kết quả thực hiện, kèm số quyết định cho kéo dài."
    guidance.answer(question=Question.objects.get(pk=question.pk), text=told, by=_person("ha.nt.tckh"))


def _waiting() -> Story:
    asker = _person("hanh.lt.namxe")
    yield _at(11, 29, 10, 15)
    asked = "Gói thầu đã mở thầu tháng 12 nhưng sang năm mới ký hợp đồng thì tính cho năm nào?"
    guidance.ask(unit=asker.posts[0].unit, **_about("HT1.goi_thau"), text=asked, by=asker)
