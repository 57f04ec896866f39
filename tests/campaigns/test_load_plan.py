from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from campaigns.models import Campaign, Content, Holiday
from campaigns.services.plan import load_plan
from criteria.models import CriteriaSet, Criterion
from criteria.services import freeze
from units import audit
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.django_db


def load() -> str:
    told = StringIO()
    call_command("load_plan", stdout=told)
    return told.getvalue()


def test_second_run_changes_nothing_and_says_so():
    events = AuditEvent.objects.count()
    assert load() == "Không có gì mới, dữ liệu của kế hoạch đã đủ.\n"
    assert AuditEvent.objects.count() == events


def test_run_tells_what_it_added_and_what_it_put_right():
    Content.objects.filter(code="ND11").delete()
    Holiday.objects.all().delete()
    Content.objects.filter(code="ND1").update(text="Khác.")
    assert load() == "Đã nạp 1 nội dung, 84 ngày nghỉ.\nĐã sửa 1 dòng theo tệp dữ liệu.\n"


def test_run_that_meets_a_contradiction_leaves_nothing_half_done(cast):
    freeze(criteria_set=CriteriaSet.objects.get(), by=cast.officer)
    Criterion.objects.filter(code="TK8").update(wording="Trồng rừng.")
    Holiday.objects.all().delete()
    Unit.objects.filter(key="phong-dan-toc").delete()
    with pytest.raises(CommandError, match="không sửa được TK8"):
        load()
    assert (Holiday.objects.count(), Unit.objects.filter(key="phong-dan-toc").count()) == (0, 0)


def test_load_keeps_the_number_that_the_plan_got_after_it_was_signed():
    Campaign.objects.update(plan_number="47/KH-UBND", plan_date="2023-02-28")
    load()
    assert Campaign.objects.get().plan_number == "47/KH-UBND"


def test_load_brings_the_campaign_back_to_the_files_and_tells_it():
    Content.objects.filter(code="ND1").update(text="Khác.")
    assert load_plan()["changed"] == 1
    assert audit.history_of(Campaign.objects.get())[0].note == "mới 0 nội dung, 0 kỳ báo cáo; sửa 1 dòng"


def test_load_is_for_the_standing_office_only(cast):
    for stranger in (cast.officer, cast.head, cast.lead, cast.admin, cast.nobody):
        with pytest.raises(PermissionDenied):
            load_plan(by=stranger)
    assert set(load_plan(by=cast.reviewer).values()) == {0}
