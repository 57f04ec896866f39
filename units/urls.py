from django.urls import path

from .views import account, accounts, home, registry

app_name = "units"
urlpatterns = [
    path("", home.front, name="front"),
    path("viec-cua-toi/", home.my_work, name="my_work"),
    path("dang-nhap/", account.sign_in, name="sign_in"),
    path("dang-xuat/", account.sign_out, name="sign_out"),
    path("mat-khau/", account.change_password, name="change_password"),
    path("ho-so/", account.profile, name="profile"),
    path("giao-dien/", account.theme, name="theme"),
    path("them/", home.menu, name="menu"),
    path("thong-bao/", home.notifications, name="notifications"),
    path("thong-bao/da-doc/", home.read_notifications, name="read_notifications"),
    path("don-vi/", registry.units, name="units"),
    path("don-vi/them/", registry.add_unit, name="add_unit"),
    path("don-vi/<int:pk>/", registry.unit, name="unit"),
    path("don-vi/<int:pk>/doi-ten/", registry.rename_unit, name="rename_unit"),
    path("don-vi/<int:pk>/giai-the/", registry.dissolve_unit, name="dissolve_unit"),
    path("tai-khoan/", accounts.accounts, name="accounts"),
    path("tai-khoan/them/", accounts.add_account, name="add_account"),
    path("tai-khoan/<int:pk>/", accounts.account, name="account"),
    path("tai-khoan/<int:pk>/vai-tro/", accounts.give_role, name="give_role"),
    path("tai-khoan/vai-tro/<int:pk>/thoi/", accounts.end_role, name="end_role"),
    path("tai-khoan/<int:pk>/mat-khau/", accounts.issue_password, name="issue_password"),
    path("tai-khoan/<int:pk>/khoa/", accounts.set_active, name="set_active"),
]
