"""What stands beside a field: the lead office's hints and answered questions; and what waits for an answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Value
from django.urls import reverse

from campaigns.models import Guidance, Question
from criteria.models import Criterion, Indicator
from phongtho_thidua.lib import clock, work
from units.models import User

Place = tuple[int, int | None]  # ids of a criterion and of one of its indicators, None for the criterion as a whole


@dataclass(frozen=True)
class Hint:
    """`question` is empty for guidance; `text` is the hint or the answer."""

    question: str
    text: str
    document: str
    by: str
    at: datetime


def hints_beside(criteria: Iterable[int]) -> dict[Place, list[Hint]]:
    """By place, what is in force today for these criteria: guidance first, newest first; one query."""
    names = ("criterion_id", "indicator_id", "asked", "told", "paper", "who", "when")
    guidance = Guidance.objects.on(clock.today()).filter(criterion__in=criteria)
    answered = Question.objects.filter(criterion__in=criteria, answered_at__isnull=False, guidance=None)
    rows = (
        guidance.annotate(asked=Value(""), told=F("text"), paper=F("document"), who=F("by__full_name"), when=F("at"))
        .order_by()
        .values_list(*names)
        .union(
            answered.annotate(
                asked=F("text"), told=F("answer"), paper=Value(""), who=F("answered_by__full_name"),
                when=F("answered_at"),
            ).order_by().values_list(*names),
            all=True,
        )
    )  # fmt: skip
    found = defaultdict(list)
    for criterion, indicator, *told in sorted(rows, key=lambda row: (row[2] != "", -row[-1].timestamp())):
        found[criterion, indicator].append(Hint(*told))
    return found


def guided_by(user: User) -> QuerySet:
    """The criteria whose sector this person's units lead."""
    return Criterion.objects.filter(sector__code__in=user.led_sectors).select_related("sector", "criteria_set")


@dataclass(frozen=True)
class Desk:
    """One criterion of a lead: its hints, and its indicators each with theirs."""

    criterion: Criterion
    hints: list[Guidance]
    indicators: list[tuple[Indicator, list[Guidance]]]


def desk_of(user: User) -> list[Desk]:
    """What a lead office may explain, in the order of the plan, with the hints in force; three queries."""
    criteria = list(guided_by(user).order_by("criteria_set", "order"))
    hints = defaultdict(list)
    rows = Guidance.objects.visible_to(user).on(clock.today()).filter(criterion__in=criteria).select_related("by")
    for hint in rows:
        hints[hint.criterion_id, hint.indicator_id].append(hint)
    indicators = defaultdict(list)
    for one in Indicator.objects.filter(criterion__in=criteria).order_by("order"):
        indicators[one.criterion_id].append((one, hints[one.criterion_id, one.pk]))
    return [Desk(one, hints[one.pk, None], indicators[one.pk]) for one in criteria]


def questions_for(user: User) -> QuerySet:
    """Those of one's own units, and those that one's offices answer; unanswered first, then the newest."""
    mine = Q(unit__in=user.unit_ids) | Q(pk__in=to_answer(user))
    rows = Question.objects.visible_to(user).filter(mine)
    return rows.select_related("unit", "criterion", "indicator", "asked_by", "answered_by").order_by(
        F("answered_at").desc(nulls_first=True), "-asked_at"
    )


def to_answer(user: User) -> QuerySet:
    """What was routed to this person's offices, answered or not."""
    routed = Q(sector__in=user.led_sectors)
    return Question.objects.filter(routed | Q(sector="") if user.is_standing_office else routed)


def waiting_for(user: User) -> QuerySet:
    return to_answer(user).waiting()


def work_items(user: User) -> Iterator[work.Item]:
    """One row for a lead: how many questions wait, since when."""
    waiting = list(waiting_for(user).select_related("criterion", "indicator", "unit")[:20])
    if waiting:
        first = waiting[0]
        yield work.Item(
            group=work.Group.TODO,
            what=f"Trả lời {len(waiting)} câu hỏi của đơn vị báo cáo",
            why=f"Lâu nhất: {first.unit.name} hỏi về {first.subject}.",
            url=reverse("campaigns:questions"),
            day=clock.local(first.asked_at).date(),
            button="Trả lời",
            day_note="hỏi ngày này",
        )
