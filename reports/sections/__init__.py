"""The sections that reports give to a yearly summary (law.md § 12 in its thin form); `awards` brings its own at 60."""

from functools import partial

from criteria.models import Audience, Theme
from phongtho_thidua.lib.sections import Section
from reports.models import SummaryKind

from . import assessment, completeness, differences, figures, grades, results

_YEARLY = frozenset({SummaryKind.YEARLY.value})


def _results(name: str, title: str, order: int, audience: Audience, *themes: Theme) -> Section:
    gather = partial(results.gather, audience=audience, themes=themes or tuple(Theme))
    return Section(name, title, order, _YEARLY, gather, results.lay_out)


SECTIONS = (
    Section("completeness", "Tình hình báo cáo", 10, _YEARLY, completeness.gather, completeness.lay_out),
    _results("infrastructure", "Kết quả phát triển kết cấu hạ tầng", 20, Audience.AUTHORITIES, Theme.INFRASTRUCTURE),
    _results("thrift", "Kết quả thực hành tiết kiệm, chống lãng phí", 30, Audience.AUTHORITIES, Theme.THRIFT),
    _results("unions", "Kết quả của Mặt trận Tổ quốc, đoàn thể", 40, Audience.UNIONS),
    _results("organisations", "Kết quả của các tổ chức, doanh nghiệp, hợp tác xã", 50, Audience.ORGANISATIONS),
    Section("assessment", "Đánh giá chung", 70, _YEARLY, assessment.gather, assessment.lay_out),
    Section("grades", "Tự đánh giá theo đơn vị", 80, _YEARLY, grades.gather, grades.lay_out),
    Section("figures", "Số liệu theo đơn vị", 90, _YEARLY, figures.gather, figures.lay_out),
    Section("differences", differences.TITLE, 92, _YEARLY, differences.gather, differences.lay_out),
)
