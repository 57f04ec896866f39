"""Deeds of help: a lead office explains its fields, a unit asks, the office answers (plan VI.1 and closing words)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from campaigns.models import Guidance, Question
from criteria.models import Criterion, Indicator
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Duty, Mandate, Role, Unit, User

SHORTEST = 20  # characters of a question, an answer, a hint
ONLY_THE_LEAD = "Chỉ cơ quan chủ trì lĩnh vực này ghi hướng dẫn được."
ONLY_WHO_IS_ASKED = "Chỉ cơ quan chủ trì lĩnh vực này trả lời được; lĩnh vực chưa có chủ trì thì Phòng Nội vụ trả lời."
ONLY_UNITS = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị báo cáo hỏi được."


@transaction.atomic
def give(
    *, criterion: Criterion, indicator: Indicator | None, text: str, by: User, document: str = "",
    valid_from: date | None = None, question: Question | None = None,
) -> Guidance:  # fmt: skip
    """A hint beside the criterion, or beside one of its indicators, from `valid_from` (today) on.

    Raises PermissionDenied for anybody but the sector's lead, ValidationError for a text too short.
    """
    _refuse_guiding(criterion, by)
    hint = Guidance.objects.create(
        criterion=criterion,
        indicator=indicator,
        text=_long_enough(text),
        document=document,
        valid_from=valid_from or clock.today(),
        question=question,
        by=by,
    )
    audit.record(actor=by, action="guide", target=hint, label=f"ghi hướng dẫn cho {hint.subject}", note=hint.text)
    return hint


@transaction.atomic
def change(*, hint: Guidance, text: str, document: str, valid_from: date, by: User) -> Guidance:
    """The words of a hint; the words before stay in its history."""
    _refuse_guiding(hint.criterion, by)
    hint = _in_force(hint)
    before = hint.text
    hint.text, hint.document, hint.valid_from = _long_enough(text), document, valid_from
    hint.by, hint.at = by, clock.now()
    hint.save()
    changes = {"hướng dẫn": [before, hint.text]}
    audit.record(actor=by, action="guide", target=hint, label=f"sửa hướng dẫn cho {hint.subject}", changes=changes)
    return hint


@transaction.atomic
def end(*, hint: Guidance, by: User) -> Guidance:
    """From now on nobody sees it; one that has not begun yet, or began today, is taken away."""
    _refuse_guiding(hint.criterion, by)
    hint = _in_force(hint)
    audit.record(actor=by, action="guide", target=hint, label=f"kết thúc hướng dẫn cho {hint.subject}", note=hint.text)
    if hint.valid_from < clock.today():
        hint.valid_to = clock.today()
        hint.save(update_fields=["valid_to"])
    else:
        hint.delete()
    return hint


def _refuse_guiding(criterion, by):
    if not by.has_perm("campaigns.give_guidance", criterion):
        raise PermissionDenied(ONLY_THE_LEAD)


def _in_force(hint) -> Guidance:
    rows = Guidance.objects.select_for_update(of=("self",)).select_related("criterion", "indicator")
    found = rows.on(max(clock.today(), hint.valid_from)).filter(pk=hint.pk).first()
    if found is None:
        raise StepRefused("Hướng dẫn này đã kết thúc. Tải lại trang để xem các hướng dẫn còn hiệu lực.")
    return found


@transaction.atomic
def ask(*, unit: Unit, criterion: Criterion, indicator: Indicator | None, text: str, by: User) -> Question:
    """To the lead of the criterion's sector, or to the standing office while nobody leads it.

    Raises PermissionDenied, or ValidationError for a question too short.
    """
    if not by.has_perm("campaigns.ask_question", unit):
        raise PermissionDenied(ONLY_UNITS)
    sector = criterion.sector.code
    leads = Mandate.objects.on(clock.today()).filter(duty=Duty.SECTOR_LEAD, sector=sector)
    question = Question.objects.create(
        unit=unit,
        criterion=criterion,
        indicator=indicator,
        sector=sector if leads.exists() else "",
        text=_long_enough(text),
        asked_by=by,
    )
    audit.record(actor=by, action="ask", target=question, label=f"hỏi về {question.subject}", note=question.text)
    duty = Duty.SECTOR_LEAD if question.sector else Duty.STANDING_OFFICE
    notify.tell(
        User.objects.holding(duty, question.sector).exclude(pk=by.pk),
        kind="question_asked",
        text=f"{unit.name} hỏi về {question.subject}.",
        url=question.get_absolute_url(),
    )
    return question


@transaction.atomic
def answer(*, question: Question, text: str, by: User) -> Question:
    """Once answered it stands beside the field for everybody who fills it in. Raises StepRefused the second time."""
    if not by.has_perm("campaigns.answer_question", question):
        raise PermissionDenied(ONLY_WHO_IS_ASKED)
    text, now = _long_enough(text), clock.now()
    waiting = Question.objects.filter(pk=question.pk, answered_at=None)
    if not waiting.update(answer=text, answered_by=by, answered_at=now):
        raise StepRefused("Câu hỏi này đã có người trả lời. Tải lại trang để đọc câu trả lời.")
    question = Question.objects.select_related("unit", "criterion__sector", "indicator", "asked_by").get(pk=question.pk)
    audit.record(actor=by, action="answer", target=question, label=f"trả lời về {question.subject}", note=text)
    people = User.objects.acting_for(question.unit, Role.OFFICER, Role.HEAD).exclude(pk=by.pk)
    told = f"{by.full_name} trả lời câu hỏi của đơn vị về {question.subject}."
    notify.tell(people, kind="question_answered", text=told, url=question.get_absolute_url())
    return question


@transaction.atomic
def turn_into_guidance(*, question: Question, by: User) -> Guidance:
    """The answer stands from now on as guidance, which can be changed and ended. Raises StepRefused the second time."""
    question = Question.objects.select_for_update(of=("self",)).select_related("criterion__sector", "indicator").get(
        pk=question.pk
    )  # fmt: skip
    _refuse_guiding(question.criterion, by)
    if question.answered_at is None or Guidance.objects.filter(question=question).exists():
        raise StepRefused("Chỉ câu đã trả lời và chưa thành hướng dẫn mới chuyển được.")
    return give(
        criterion=question.criterion, indicator=question.indicator, text=question.answer, question=question, by=by
    )


def _long_enough(text: str) -> str:
    text = clean_text(text)
    if len(text) < SHORTEST:
        raise ValidationError({"text": f"Cần ít nhất {SHORTEST} ký tự để người nhận hiểu."})
    return text
