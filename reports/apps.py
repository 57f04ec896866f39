from django.apps import AppConfig

from phongtho_thidua.lib import navigation, sections, work


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo, tổng hợp"

    def ready(self):
        from . import rules  # noqa: F401  registers the permissions
        from .sections import SECTIONS
        from .selectors import queue, summaries
        from .selectors import work as annual

        sections.register(*SECTIONS)
        work.register_items(annual.work_items)
        work.register_items(summaries.work_items)
        navigation.register(
            navigation.Entry(
                "reports:current_board",
                "Tiến độ nộp",
                "Tiến độ",
                "table",
                15,
                lambda user: user.has_perm("reports.see_board"),
            ),
            navigation.Entry(
                "reports:queue",
                "Hàng đợi xem xét",
                "Hàng đợi",
                "clipboard-check",
                16,
                lambda user: user.has_perm("reports.see_board"),
                lambda user: queue.queue_for(user).count(),
            ),
            navigation.Entry(
                "reports:reports", "Báo cáo năm", "Báo cáo", "file-earmark-text", 42, lambda user: bool(user.unit_ids)
            ),
            navigation.Entry(
                "reports:summaries",
                "Tổng hợp",
                "Tổng hợp",
                "bar-chart",
                40,
                lambda user: user.has_perm("reports.order_summary"),
            ),
        )
