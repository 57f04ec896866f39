"""What an entry or a figure is called in a sentence."""

from reports.models import Entry, Figure
from reports.selectors.sheet import in_sentence


def code_of(answer: Entry | Figure) -> str:
    """The code of its criterion, e.g. HT6."""
    return answer.indicator.criterion.code if isinstance(answer, Figure) else answer.criterion.code


def name_of(answer: Entry | Figure) -> str:
    """`HT6, vốn đã giải ngân` for a figure, `HT6, phần viết` for what is said on the criterion itself."""
    words = in_sentence(answer.indicator.name) if isinstance(answer, Figure) else "phần viết"
    return f"{code_of(answer)}, {words}"


def codes_of(answers) -> str:
    """`HT6, HT7 và TK1`: each criterion once, in the order given."""
    *first, last = dict.fromkeys(map(code_of, answers))
    return f"{', '.join(first)} và {last}" if first else last
