from django.apps import AppConfig

from phongtho_thidua.lib import navigation, results, sections, work
from phongtho_thidua.lib.navigation import Entry


def _may(perm: str):
    return lambda user: user.has_perm(perm)


def _acts_for_a_unit(user) -> bool:
    return bool(user.unit_ids)


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo, tổng hợp"

    def ready(self):
        from units.models import register_readers
        from units.services import outbox

        from . import rules  # noqa: F401  registers the permissions
        from .sections import SECTIONS
        from .selectors import cluster as clusters
        from .selectors import summaries, verifying
        from .selectors import work as annual
        from .selectors.evidence import readable_attachments
        from .selectors.results import results_of
        from .services import reminders

        register_readers(readable_attachments)
        sections.register(*SECTIONS)
        outbox.register_check(reminders.KIND, reminders.no_longer_missing)
        results.register(results_of)
        work.register_items(annual.work_items)
        work.register_items(clusters.work_items)
        work.register_items(summaries.work_items)
        work.register_items(verifying.work_items)
        self._fill_rail()
        self._fill_rail_of_units()

    def _fill_rail(self):
        from .models import Verification
        from .selectors import queue

        navigation.register(
            Entry("reports:current_board", "Tiến độ nộp", "Tiến độ", "table", 15, _may("reports.see_board")),
            Entry(
                "reports:queue",
                "Hàng đợi xem xét",
                "Hàng đợi",
                "clipboard-check",
                16,
                _may("reports.see_board"),
                queue.queue_for,
                holds=lambda request: "hang-doi" in request.GET,
            ),
            Entry(
                "reports:matrix",
                "Thẩm tra số liệu",
                "Thẩm tra",
                "check-all",
                18,
                _may("reports.see_matrix"),
                Verification.objects.to_judge,
            ),
            Entry("reports:summaries", "Tổng hợp", "Tổng hợp", "bar-chart", 40, _may("reports.order_summary")),
        )

    def _fill_rail_of_units(self):
        from .selectors import cluster as clusters

        navigation.register(
            Entry("reports:reports", "Báo cáo năm", "Báo cáo", "file-earmark-text", 42, _acts_for_a_unit),
            Entry("reports:cluster_reports", "Báo cáo khối", "BC khối", "people", 43, clusters.takes_part),
            Entry("reports:score_sheets", "Bảng điểm", "Bảng điểm", "hash", 44, clusters.takes_part),
            Entry("reports:evidence", "Minh chứng", "Minh chứng", "paperclip", 60, _acts_for_a_unit),
        )
