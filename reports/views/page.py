"""What the page of a report shows: the form while this person may write, else the report to be read."""

from dataclasses import replace

from django.urls import reverse
from django.utils.http import urlencode

from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import choices
from reports.forms import EntryForm, FigureForm
from reports.models import ReportState, VerificationState
from reports.selectors.attention import attention_of
from reports.selectors.evidence import add_evidence, bare_lines
from reports.selectors.help import add_help
from reports.selectors.problems import problems_in, unanswered_in
from reports.selectors.queue import place_in, queue_for
from reports.selectors.remarks import Remarks, remarks_on
from reports.selectors.sheet import Block, blocks_of, groups_of
from reports.selectors.verifying import add_differences
from reports.services.remarks import usual_due
from reports.workflow import SIDES, STEPS, TONES, why_closed
from units import audit
from units.workflow import SHORTEST_NOTE

LATEST = 5  # sentences of the story that stand under the report itself
# Every name a template asks for is there: a page asks 300 times, and a missing name costs as much as ten others.
_NO_ERRORS = {form: dict.fromkeys((*form.base_fields, "version"), "") for form in (EntryForm, FigureForm)}


def page_of(request, report, *, outcome=None, refusal=None, tried=None, kept=None) -> dict:
    """The context of `reports/report.html`.

    `outcome` is what came of a save without script, `refusal` of a step; `kept` what was typed in another form of the
    page and refused: {"at": which form, "typed", "errors", "picked"}.
    """
    user, blocks = request.user, blocks_of(report)
    may_edit = user.has_perm("reports.edit_report", report)
    add_evidence(blocks, report)
    verified = add_differences(blocks, report)
    add_help(blocks, report, user, editing=may_edit or outcome is not None)
    if may_edit or outcome:
        _fill(blocks, outcome)
    remarks = remarks_on(report, blocks, user)
    reviewing = _for_reviewer(report, blocks, user, verified, kept)
    return {
        **_of_report(report),
        "groups": groups_of(blocks),
        "blocks": blocks,
        "done": sum(block.entry.done for block in blocks),
        "bare": len(bare_lines(blocks)),
        "problems": _problems(blocks, remarks),
        "may_edit": may_edit or outcome is not None,
        "closed": why_closed(report) if outcome else "",
        "outcome": outcome,
        "refusal": refusal,
        "tried": _tried(refusal, tried),
        "kept": kept,
        "remarks": remarks,
        "history": audit.history_of(report)[:LATEST],
        **reviewing,
        **_withdrawal(report, user),
        **_steps(request, report, reviewing["unverified"]),
    }


def _of_report(report) -> dict:
    return {
        "report": report,
        "last_year": report.period.year - 1,
        "answers": dict(AnswerKind.choices),
        "grades": Grade.choices,
        "entries_url": _url_before_pk("reports:save_entry", report),
        "figures_url": _url_before_pk("reports:save_figure", report),
        "proof_url": reverse("reports:bare_figures", args=[report.pk]),
        "is_returned": report.state == ReportState.RETURNED,
        "tone": TONES[report.state],
    }


def _problems(blocks, remarks: Remarks) -> list:
    owed = unanswered_in(remark for call in remarks.calls for remark in call.remarks)
    return [*owed, *problems_in(blocks)]


def _for_reviewer(report, blocks, user, verified, kept) -> dict:
    """What the standing office needs beside the report: what is unusual, and the form that returns single answers."""
    if not user.is_standing_office:
        return {"attention": [], "may_return": False, "return_who": "", "unverified": 0}
    fits = report.state in STEPS["return"].sources
    may = user.has_perm("reports.return_report", report)
    return {
        "attention": attention_of(report, blocks, verified) if fits else [],
        "unverified": verified[VerificationState.WAITING] if fits else 0,
        "may_return": fits and may,
        "return_who": STEPS["return"].who if fits and not may else "",
        "picked": kept["picked"] if kept else (),
        "due_on": usual_due() if fits and may else None,
    }


def _withdrawal(report, user) -> dict:
    """The request that waits, and whether this person may make or answer one."""
    if report.state not in STEPS["allow_withdrawal"].sources:
        return {"wish": None, "may_wish": False, "may_answer": False}
    asked = report.withdrawal_requests.waiting().select_related("asked_by") if report.is_wanted_back else None
    wish = asked and asked.first()
    may_wish = not wish and user.has_perm("reports.submit_report", report)
    is_free = report.state in STEPS["withdraw"].sources and user.has_perm("reports.withdraw_report", report)
    return {
        "wish": wish,
        "may_wish": may_wish and not is_free,
        "may_answer": wish is not None and user.has_perm("reports.review_report", report),
    }


def _steps(request, report, unverified: int) -> dict:
    """The buttons, and where one stands in the queue.

    The moment of opening goes along: nobody hands in what a colleague changed after they had read it.
    """
    kind = request.GET.get("loai", "")
    place = place_in(queue_for(request.user, kind), report.pk) if "hang-doi" in request.GET else None
    query = {"hang-doi": "1", "next": "1", "loai": kind} if place else {}
    return {
        "choices": _choices(report, request.user, place, unverified),
        "step_url": reverse("reports:step", args=[report.pk], query={"mo-luc": clock.now().isoformat()} | query),
        "query_on": _text(query),
        "query_stay": _text(query | {"next": ""} if query else {}),
        "place": place,
        "previous_url": queue_url(place.previous, kind) if place and place.previous else "",
        "following_url": queue_url(place.following, kind) if place and place.following else "",
        "queue_url": queue_url(None, kind),
    }


def _fill(blocks: list[Block], outcome) -> None:
    """What stands in each input: the stored answer, or what was typed and could not be stored."""
    for block in blocks:
        block.typed, block.errors = EntryForm.typed(block.entry), dict(_NO_ERRORS[EntryForm])
        for line in block.lines:
            if line.figure:
                line.typed, line.errors = FigureForm.typed(line.figure), dict(_NO_ERRORS[FigureForm])
    if not outcome:
        return
    for part in (*blocks, *(line for block in blocks for line in block.lines if line.figure)):
        part.typed |= outcome.typed.get(part.answer.key, {})
        part.errors |= outcome.errors.get(part.answer.key, {})


def _url_before_pk(name: str, report) -> str:
    """The address of an answer without its number, so that a page of forty answers is not resolved forty times."""
    return reverse(name, args=[report.pk, 0]).removesuffix("0/")


def _tried(refusal, tried) -> dict:
    if not refusal or "note" not in tried:
        return {}
    return {"name": tried["step"], "note": tried["note"], "error": str(refusal), "shortest": SHORTEST_NOTE}


def _choices(report, user, place, unverified):
    """The steps of this person's side; in the queue the one that ends a review also leads on, and says so.

    Accepting asks for a reason while figures wait that nobody has verified.
    """
    found = []
    for choice in choices(STEPS, report, user):
        step = choice.step
        if not _concerns(step.name, report, user):
            continue
        if step.name == "accept" and unverified:
            step = replace(step, needs_note=True)
        if step.name == "accept" and place:
            step = replace(step, label=f"{step.label}, xem tiếp")
        found.append(replace(choice, step=step))
    return found


def _concerns(step: str, report, user) -> bool:
    """Each side sees its own steps; of the two ways to take a report back the one that fits."""
    if step in ("withdraw", "withdraw_correction") and (step == "withdraw") == bool(report.remark_states):
        return False
    is_own = report.unit_id in user.unit_ids
    return (is_own and step in SIDES["unit"]) or (user.is_standing_office and step in SIDES["office"])


def _text(query: dict) -> str:
    return f"?{urlencode(query)}" if query else ""


def queue_url(pk: int | None, kind: str) -> str:
    """The address of a report within the queue, or of the queue itself, with the filter that made it."""
    query = {"loai": kind} if kind else {}
    if pk is None:
        return reverse("reports:queue", query=query)
    return reverse("reports:report", args=[pk], query={"hang-doi": "1"} | query)
