"""A process is a table of steps. This module says what a step is; `units.workflow.take_step` takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One row of a workflow table.

    `rule` is the permission that `user.has_perm(rule, obj)` must grant; `who` is the sentence shown to somebody it
    refuses; `needs_note` makes a reason compulsory; `record` is how the history tells it.
    """

    name: str
    sources: frozenset[str]
    target: str
    rule: str
    label: str
    record: str
    who: str
    needs_note: bool = False
    danger: bool = False


class StepRefused(Exception):
    """The step does not fit the state, or the object has moved on since the page was opened. Answered with 409."""


class NoteMissing(StepRefused):
    """The step needs a reason and got none."""


@dataclass(frozen=True)
class Choice:
    """A step as the page shows it: taken by pressing, or shown with the reason why not."""

    step: Step
    allowed: bool


def table(*steps: Step) -> Mapping[str, Step]:
    return {step.name: step for step in steps}


def steps_from(steps: Mapping[str, Step], state: str) -> Iterable[Step]:
    return (step for step in steps.values() if state in step.sources)


def choices(steps: Mapping[str, Step], obj, user) -> list[Choice]:
    """The buttons of a page: every step that fits the state, in table order, with whether `user` may take it."""
    return [Choice(step, user.has_perm(step.rule, obj)) for step in steps_from(steps, obj.state)]
