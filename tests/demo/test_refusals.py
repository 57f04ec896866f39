"""Samples go into an empty site on a sample date, wholly or not at all."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from units.models import Unit, User

from .conftest import FAST

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, "Chưa đặt SAMPLE_DATE: dữ liệu mẫu chỉ nạp vào trang minh họa, với SAMPLE_DATE=2024-12-02."),
        (date(2024, 12, 1), "Dữ liệu mẫu kể đến ngày 02/12/2024, đặt SAMPLE_DATE từ ngày đó trở đi."),
    ],
)
def test_load_refuses_a_site_that_is_no_demonstration(settings, day, sentence):
    settings.SAMPLE_DATE = day
    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")
    assert (str(refusal.value), User.objects.count()) == (sentence, 0)


def test_load_refuses_to_mix_samples_with_real_accounts(settings, cast):
    settings.SAMPLE_DATE = date(2024, 12, 2)
    with pytest.raises(CommandError, match="đã có tài khoản thật"):
        call_command("load_demo")
    assert not User.objects.filter(is_sample=True).exists()


def test_load_leaves_nothing_half_done_when_the_accounts_cannot_be_told(settings, tmp_path):
    settings.SAMPLE_DATE, settings.DATA_DIR = date(2024, 12, 2), tmp_path / "file"
    settings.PASSWORD_HASHERS = FAST
    settings.DATA_DIR.write_text("a file stands where the folder should be")
    with pytest.raises(CommandError, match="Không ghi được"):
        call_command("load_demo")
    assert (User.objects.count(), Unit.objects.filter(is_sample=True).count()) == (0, 0)
