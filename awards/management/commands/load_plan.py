"""`manage.py load_plan`: the plan, its units and criteria; here, because only the topmost app may know all loaders."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from awards.services.catalogue import load_awards
from campaigns.services.plan import load_plan
from criteria.services import load_phase1
from units.services.registry import load_units

LOADERS = (load_units, load_phase1, load_plan, load_awards)

WORDS = {
    "units": "đơn vị",
    "mandates": "chức trách",
    "sectors": "lĩnh vực",
    "sets": "bộ tiêu chí",
    "criteria": "tiêu chí",
    "indicators": "chỉ tiêu",
    "targets": "đích",
    "campaigns": "phong trào",
    "phases": "giai đoạn",
    "contents": "nội dung",
    "periods": "kỳ báo cáo",
    "holidays": "ngày nghỉ",
    "award_forms": "hình thức khen thưởng",
    "award_clauses": "căn cứ khen thưởng",
    "award_rounds": "đợt khen thưởng",
}


class Command(BaseCommand):
    help = "Nạp đơn vị, tiêu chí và kế hoạch; chạy lại không đổi gì."

    def handle(self, **options):
        try:
            new, changed = load_all()
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if new:
            self.stdout.write("Đã nạp " + ", ".join(f"{count} {WORDS[name]}" for name, count in new.items()) + ".")
        if changed:
            self.stdout.write(f"Đã sửa {changed} dòng theo tệp dữ liệu.")
        if not (new or changed):
            self.stdout.write("Không có gì mới, dữ liệu của kế hoạch đã đủ.")


@transaction.atomic
def load_all(*, by=None) -> tuple[dict[str, int], int]:
    """All or nothing: how many rows are new by kind, and how many were changed.

    Raises ValidationError when a file contradicts criteria that are already in use.
    """
    new, changed = {}, 0
    for load in LOADERS:
        counts = load(by=by)
        changed += counts.pop("changed", 0)
        new |= {name: count for name, count in counts.items() if count}
    return new, changed
