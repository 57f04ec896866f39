"""The whole form sent at once, for browsers without script: what can be stored is, the rest comes back as typed."""

from dataclasses import dataclass, field

from reports.forms import EntryForm, FigureForm
from reports.selectors.sheet import blocks_of
from reports.services import answers, late
from reports.workflow import why_closed


@dataclass
class Outcome:
    """What could not be stored: `typed` and `errors` by answer key; `status` is that of the page that shows them."""

    status: int = 200
    typed: dict[str, dict] = field(default_factory=dict)
    errors: dict[str, dict] = field(default_factory=dict)

    @property
    def items(self) -> list[tuple[str, str]]:
        """For the summary on top: the place on the page and the sentence."""
        return [(f"{key}-{name}", words) for key, told in self.errors.items() for name, words in told.items()]

    def keep(self, form, key: str, told: dict[str, str], status: int) -> None:
        self.typed[key] = {name: form.data.get(form.add_prefix(name), "") for name in form.fields}
        self.errors[key] = told
        self.status = max(self.status, status)


def save_whole(*, report, data, by) -> Outcome:
    """Every answer that is in `data`, each by its own deed: one that is refused does not hold back the others."""
    closed = why_closed(report)
    outcome = Outcome(status=423 if closed else 200)
    for form, key, deed, answer in _forms(report, data):
        if closed:
            _keep_late(form, answer, by)
            outcome.keep(form, key, {}, 423)
        elif not form.is_valid():
            outcome.keep(form, key, first_errors(form), 422)
        else:
            _save(outcome, form, key, deed, answer, data, by)
    return outcome


def _forms(report, data):
    for block in blocks_of(report):
        if f"{block.entry.key}-version" in data:
            yield EntryForm(data, entry=block.entry), block.entry.key, answers.save_entry, {"entry": block.entry}
        for line in block.lines:
            if line.figure and f"{line.key}-version" in data:
                yield FigureForm(data, figure=line.figure), line.key, answers.save_figure, {"figure": line.figure}


def _keep_late(form, answer, by):
    """What is new in a form that came too late stands beside its field until the report is open again."""
    row = next(iter(answer.values()))
    typed = {name: form.data[form.add_prefix(name)] for name in form.fields if form.add_prefix(name) in form.data}
    stored = form.typed(row)
    if any(text != stored[name] for name, text in typed.items()):
        late.keep(answer=row, typed=typed, by=by)


def _save(outcome, form, key, deed, answer, data, by):
    try:
        deed(**answer, data=form.cleaned_data, version=version_in(data, f"{key}-version"), by=by)
    except answers.Conflict as clash:
        answers.keep_both(clash=clash, by=by)
        sentence = f"{clash} Bản đã lưu: “{clash.theirs.words}”. Lưu lại để giữ bản của bạn."
        outcome.keep(form, key, {"version": sentence}, 409)


def version_in(data, name: str) -> int:
    """The version that the page was made from; what is no number is older than everything."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else 0


def first_errors(form) -> dict[str, str]:
    return {name: errors[0] for name, errors in form.errors.items()}
