from django.apps import AppConfig

from phongtho_thidua.lib import navigation


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị, tài khoản"

    def ready(self):
        from . import checks, rules  # noqa: F401  register the permissions and the check
        from .models import Mailing

        navigation.register(
            navigation.Entry("units:my_work", "Việc của tôi", "Việc", "inbox", 10, lambda user: True),
            navigation.Entry(
                "units:outbox",
                "Hộp chờ gửi",
                "Hộp thư",
                "envelope",
                70,
                lambda user: user.has_perm("units.see_outbox"),
                lambda user: Mailing.objects.visible_to(user).waiting(),
            ),
            navigation.Entry("units:units", "Đơn vị", "Đơn vị", "building", 90, lambda user: True),
            navigation.Entry("units:clusters", "Khối thi đua", "Khối", "people", 91, lambda user: True),
            navigation.Entry(
                "units:accounts", "Tài khoản", "Tài khoản", "person-circle", 95, lambda user: user.is_admin
            ),
        )
