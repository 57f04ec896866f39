from django.apps import AppConfig

from phongtho_thidua.lib import navigation


class CriteriaConfig(AppConfig):
    name = "criteria"
    verbose_name = "Tiêu chí thi đua"

    def ready(self):
        from . import rules  # noqa: F401  registers the permissions

        navigation.register(
            navigation.Entry("criteria:list", "Tiêu chí thi đua", "Tiêu chí", "journal-text", 85, lambda user: True)
        )
