"""`manage.py make_summary`: the same documents without a browser; every refusal in one clear line."""

import pytest
from django.core.management import CommandError, call_command

from awards.models import AwardRound
from campaigns.models import Period
from reports.models import Job, Snapshot
from tests.reports.filled import report_of

pytestmark = pytest.mark.django_db


def make(*arguments):
    call_command("make_summary", *map(str, arguments))


def test_an_unknown_year_is_refused_with_the_years_there_are(tmp_path):
    with pytest.raises(CommandError, match=r"Không có kỳ báo cáo năm 1999\. Các năm có kỳ báo cáo: 2022, .*, 2030\."):
        make(1999, "--pdf", tmp_path / "a.pdf")


def test_a_base_without_the_plan_says_what_to_run(tmp_path):
    AwardRound.objects.all().delete()
    Period.objects.all().delete()
    with pytest.raises(CommandError, match="load_plan"):
        make(2024, "--pdf", tmp_path / "a.pdf")


def test_no_file_wanted_is_refused():
    with pytest.raises(CommandError, match="Chưa chọn bản nào"):
        make(2024)


def test_a_path_that_cannot_be_written_is_refused_before_the_work(tmp_path, capsys):
    with pytest.raises(CommandError, match="Không ghi được vào"):
        make(2024, "--pdf", tmp_path / "none" / "a.pdf")
    with pytest.raises(CommandError, match="Không ghi được vào"):
        make(2024, "--docx", tmp_path / "good.docx", "--pdf", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_writes_the_three_files_and_tells_each_step(cast, period_2024, december, tmp_path, capsys):
    report_of(cast.home, period_2024, by=cast.chief)
    paths = {face: tmp_path / f"a.{face}" for face in ("pdf", "docx", "xlsx")}
    make(2024, *[part for face, path in paths.items() for part in (f"--{face}", path)])
    assert [path.read_bytes()[:4] for path in paths.values()] == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
    assert lines[0] == "[1/16] Chốt số liệu"
    assert lines[-1] == "[16/16] Bản Excel"
    assert not Job.objects.exists()
    assert not Snapshot.objects.exists()
