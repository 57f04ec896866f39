"""Forms of the registry and of accounts: parsing and field errors, no deeds."""

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from phongtho_thidua.lib.vietnamese import clean_text

from .models import ClusterRole, Role, Unit, UnitKind, User


class CleanForm(forms.Form):
    """Every text that comes in is cleaned once, here. What may stay empty says so in its label."""

    needed_later = frozenset()  # may stay empty in a draft, but not in what is handed in

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.label and not field.required and name not in self.needed_later:
                field.label += " (không bắt buộc)"

    def clean(self):
        cleaned = super().clean()
        cleaned = {name: clean_text(value) if isinstance(value, str) else value for name, value in cleaned.items()}
        for name in [name for name, value in cleaned.items() if value == "" and self.fields[name].required]:
            self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def attempt(self, deed, /, **arguments):
        """The deed's answer, or None with its refusal at the field it concerns."""
        try:
            return deed(**arguments)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class DayField(forms.DateField):
    """A date as people write it here; `type=date` would follow the browser's own language."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {"invalid": "Ngày viết theo dạng dd/mm/yyyy, ví dụ 20/12/2024."})
        kwargs.setdefault("widget", forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "inputmode": "numeric"}))
        super().__init__(**kwargs)


class SignInForm(AuthenticationForm):
    error_messages = {"inactive": "Tài khoản đã khóa. Liên hệ quản trị viên."}

    def clean_username(self):
        return self.cleaned_data["username"].lower()

    def get_invalid_login_error(self):
        failures = AxesProxyHandler.get_failures(self.request, {"username": self.cleaned_data.get("username")})
        left = max(settings.AXES_FAILURE_LIMIT - failures, 0)
        return ValidationError(f"Tên đăng nhập hoặc mật khẩu chưa đúng. Còn {left} lần thử.", code="invalid_login")


class NewPasswordForm(forms.Form):
    current = forms.CharField(
        label="Mật khẩu hiện nay",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Mật khẩu mới",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ít nhất 12 ký tự; không trùng tên; không phải mật khẩu phổ biến. Một câu dài dễ nhớ là tốt nhất.",
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu mới",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.must_change_password:  # the first password is already spent
            del self.fields["current"]

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise ValidationError("Mật khẩu hiện nay chưa đúng.")
        return self.cleaned_data["current"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "Hai lần nhập chưa giống nhau.")
        return cleaned


class AccountForm(CleanForm):
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9.\-]{2,59}$",
        label="Tên đăng nhập",
        help_text="Chữ thường không dấu, số, dấu chấm. Ví dụ: hanh.lt.namxe",
        error_messages={"invalid": "Chỉ dùng chữ thường không dấu, số, dấu chấm, gạch nối; từ 3 ký tự."},
    )
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    email = forms.EmailField(label="Thư điện tử", required=False)
    unit = forms.ModelChoiceField(Unit.objects.all(), label="Đơn vị", empty_label="Chọn đơn vị")
    role = forms.ChoiceField(label="Vai trò", choices=Role)

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise ValidationError("Tên đăng nhập này đã có người dùng.")
        return username


class RoleForm(CleanForm):
    unit = forms.ModelChoiceField(Unit.objects.all(), label="Đơn vị", empty_label="Chọn đơn vị")
    role = forms.ChoiceField(label="Vai trò", choices=Role)


class UnitForm(CleanForm):
    key = forms.SlugField(
        label="Mã cố định", max_length=60, help_text="Chữ thường không dấu, gạch nối. Không đổi về sau."
    )
    kind = forms.ChoiceField(label="Loại đơn vị", choices=UnitKind)
    name = forms.CharField(label="Tên đơn vị", max_length=200)
    short_name = forms.CharField(label="Tên ngắn", max_length=80, help_text="Dùng trong bảng và sơ đồ.")
    founded = DayField(label="Có trong danh bạ từ ngày")
    code = forms.CharField(label="Mã đơn vị hành chính", max_length=20, required=False)
    source = forms.CharField(label="Căn cứ", max_length=300, required=False)

    def clean_key(self):
        if Unit.objects.filter(key=self.cleaned_data["key"]).exists():
            raise ValidationError("Mã này đã dùng cho một đơn vị khác.")
        return self.cleaned_data["key"]


class RenameForm(CleanForm):
    name = forms.CharField(label="Tên mới", max_length=200)
    short_name = forms.CharField(label="Tên ngắn mới", max_length=80)
    valid_from = DayField(label="Áp dụng từ ngày")
    document = forms.CharField(label="Văn bản đổi tên", max_length=200)


class DissolveForm(CleanForm):
    dissolved = DayField(label="Giải thể từ ngày")
    document = forms.CharField(label="Văn bản giải thể", max_length=200)


class ClusterForm(CleanForm):
    name = forms.CharField(label="Tên khối", max_length=200)
    source = forms.CharField(label="Văn bản lập khối", max_length=300)
    order = forms.IntegerField(label="Thứ tự trong danh sách", min_value=0, max_value=999, initial=0)


class ClusterMemberForm(CleanForm):
    unit = forms.ModelChoiceField(Unit.objects.all(), label="Đơn vị", empty_label="Chọn đơn vị")
    role = forms.ChoiceField(label="Vai trò", choices=ClusterRole, initial=ClusterRole.MEMBER)
    valid_from = DayField(label="Từ ngày")
    document = forms.CharField(label="Văn bản", max_length=200)


class ClusterRoleForm(CleanForm):
    role = forms.ChoiceField(label="Vai trò mới", choices=ClusterRole)
    valid_from = DayField(label="Từ ngày")
    document = forms.CharField(label="Văn bản", max_length=200)


class ClusterEndForm(CleanForm):
    valid_to = DayField(label="Thôi từ ngày", help_text="Đơn vị thuộc khối đến hết ngày trước ngày này.")
    document = forms.CharField(label="Văn bản", max_length=200)
