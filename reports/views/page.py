"""What the page of a report shows: the form while this person may write, else the report to be read."""

from dataclasses import replace

from django.urls import reverse

from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import choices
from reports.forms import EntryForm, FigureForm
from reports.selectors.problems import problems_in
from reports.selectors.queue import place_in, queue_for
from reports.selectors.sheet import Block, blocks_of, groups_of
from reports.workflow import STEPS, TONES, why_closed
from units import audit
from units.workflow import SHORTEST_NOTE

ENDS_REVIEW = ("accept", "return")
# Every name a template asks for is there: a page asks 300 times, and a missing name costs as much as ten others.
_NO_ERRORS = {form: dict.fromkeys((*form.base_fields, "version"), "") for form in (EntryForm, FigureForm)}


def page_of(request, report, *, outcome=None, refusal=None, tried=None) -> dict:
    """The context of `reports/report.html`. `outcome` is what came of a save without script, `refusal` of a step."""
    blocks = blocks_of(report)
    may_edit = request.user.has_perm("reports.edit_report", report)
    if may_edit or outcome:
        _fill(blocks, outcome)
    kind = request.GET.get("loai", "")
    place = place_in(queue_for(request.user, kind), report.pk) if "hang-doi" in request.GET else None
    return {
        "report": report,
        "last_year": report.period.year - 1,
        "groups": groups_of(blocks),
        "blocks": blocks,
        "answers": dict(AnswerKind.choices),
        "grades": Grade.choices,
        "entries_url": _url_before_pk("reports:save_entry", report),
        "figures_url": _url_before_pk("reports:save_figure", report),
        "done": sum(block.entry.done for block in blocks),
        "problems": problems_in(blocks),
        "may_edit": may_edit or outcome is not None,
        "closed": why_closed(report) if outcome else "",
        "outcome": outcome,
        "refusal": refusal,
        "tried": _tried(refusal, tried),
        "tone": TONES[report.state],
        "choices": _choices(report, request.user, place),
        "step_url": _step_url(report, place, kind),
        "place": place,
        "previous_url": queue_url(place.previous, kind) if place and place.previous else "",
        "following_url": queue_url(place.following, kind) if place and place.following else "",
        "queue_url": queue_url(None, kind),
        "history": audit.history_of(report),
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


def _choices(report, user, place):
    """In the queue the steps that end a review also lead on, and say so."""
    found = choices(STEPS, report, user)
    if not place:
        return found
    return [
        replace(choice, step=replace(choice.step, label=f"{choice.step.label}, xem tiếp"))
        if choice.step.name in ENDS_REVIEW
        else choice
        for choice in found
    ]


def _step_url(report, place, kind) -> str:
    """The moment of opening goes along: nobody hands in what a colleague changed after they had read it."""
    query = {"mo-luc": clock.now().isoformat()}
    if place:
        query |= {"hang-doi": "1", "next": "1", "loai": kind}
    return reverse("reports:step", args=[report.pk], query=query)


def queue_url(pk: int | None, kind: str) -> str:
    """The address of a report within the queue, or of the queue itself, with the filter that made it."""
    query = {"loai": kind} if kind else {}
    if pk is None:
        return reverse("reports:queue", query=query)
    return reverse("reports:report", args=[pk], query={"hang-doi": "1"} | query)
