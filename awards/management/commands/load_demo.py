"""`manage.py load_demo`: sample people, companies, reports and nominations for a demonstration on a sample date."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import awards.demo
import campaigns.demo
import campaigns.demo_guidance
import campaigns.demo_inspections
import reports.demo
import reports.demo_clusters
import reports.demo_paper
import reports.demo_reminders
import reports.demo_verifying
import units.demo
from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day
from units.models import Membership
from units.services.accounts import first_password

TOLD_UNTIL = date(2024, 12, 2)  # the day on which the samples stand
NEWS_SINCE = date(2024, 11, 28)

HEAD = "Tài khoản mẫu. Mật khẩu dùng chung, đặt riêng cho lần nạp này: {password}"
FIRST_HEAD = "Bắt đầu từ đây:"
NOTICE = "demo-notice.txt"  # whom to sign in as first


class Command(BaseCommand):
    help = "Nạp người, doanh nghiệp, báo cáo và đề nghị khen thưởng mẫu; chạy lại không đổi gì."

    def handle(self, *, verbosity, **options):
        _refuse_wrong_place()
        path = settings.DATA_DIR / "demo-accounts.txt"
        if not units.demo.has_samples():
            lines = load_all(path)
            self.stdout.write("Đã nạp dữ liệu mẫu đến ngày " + format_day(TOLD_UNTIL) + ".")
        elif not path.exists():
            lines = tell_accounts(path)
            self.stdout.write("Dữ liệu mẫu đã có, không đổi gì; tệp tài khoản không còn nên đặt mật khẩu mới.")
        else:
            self.stdout.write(f"Dữ liệu mẫu đã có, không đổi gì. Tài khoản: {path}")
            return
        notice = "\n".join([*lines[lines.index(FIRST_HEAD) :], f"Mọi tài khoản mẫu: {path}"])
        _write_privately(path.with_name(NOTICE), notice + "\n")
        if verbosity:  # scripts/run shows the notice itself, at every start
            self.stdout.write(notice)


def _refuse_wrong_place() -> None:
    if settings.SAMPLE_DATE is None:
        raise CommandError("Chưa đặt SAMPLE_DATE: dữ liệu mẫu chỉ nạp vào trang minh họa, với SAMPLE_DATE=2024-12-02.")
    if settings.SAMPLE_DATE < TOLD_UNTIL:
        raise CommandError(f"Dữ liệu mẫu kể đến ngày {format_day(TOLD_UNTIL)}, đặt SAMPLE_DATE từ ngày đó trở đi.")
    if units.demo.has_real_accounts():
        raise CommandError("Cơ sở dữ liệu này đã có tài khoản thật. Dữ liệu mẫu cần một DATA_DIR riêng.")
    if not Period.objects.exists():
        raise CommandError("Chưa có kế hoạch: chạy manage.py load_plan trước.")


@transaction.atomic
def load_all(path: Path) -> list[str]:
    """All or nothing; returns the lines of the accounts file, which comes first: if it fails, it fails at once."""
    units.demo.load()
    lines = tell_accounts(path)
    for year in reports.demo.YEARS:
        own = (reports.demo.stories(year), awards.demo.stories(year), campaigns.demo.registration_stories(year))
        own += (campaigns.demo_guidance.stories(year), campaigns.demo_inspections.stories(year))
        own += (reports.demo_clusters.stories(year), reports.demo_paper.stories(year))
        own += (reports.demo_reminders.stories(year), reports.demo_verifying.stories(year))
        units.demo.play(story for stories in own for story in stories)
    units.demo.read_notifications(before=clock.at(NEWS_SINCE))
    return lines


@transaction.atomic
def tell_accounts(path: Path) -> list[str]:
    """A new password for all and the file that tells it: returns its lines.

    One account a line: role, unit, user name, password. Those to begin with come last: a terminal shows the end.
    """
    password = first_password()
    units.demo.share_password(password)
    others, first = (_table(units.demo.posts(start=start), password) for start in (False, True))
    lines = [HEAD.format(password=password), "", *others, "", FIRST_HEAD, *first]
    _write_privately(path, "\n".join(lines) + "\n")
    return lines


def _write_privately(path: Path, text: str) -> None:
    """A file that only its owner can read, at no moment anybody else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Không ghi được {path}: {error.strerror}.") from None


def _table(posts: list[Membership], password: str) -> list[str]:
    rows = [(post.get_role_display(), post.unit.name, post.user.username) for post in posts]
    role, unit, username = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [f"{one[0]:<{role}}  {one[1]:<{unit}}  {one[2]:<{username}}  {password}" for one in rows]
