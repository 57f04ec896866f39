"""Five tones say how a state feels to its reader. An app's `workflow.py` gives each of its states one of them."""

from enum import StrEnum


class Tone(StrEnum):
    IDLE = "idle"  # not begun, or nothing to judge
    WORK = "work"  # in somebody's hands
    WAIT = "wait"  # another office has it
    STOP = "stop"  # returned, overdue, failed
    DONE = "done"  # agreed, finished


ICONS = {
    Tone.IDLE: "circle",
    Tone.WORK: "pencil",
    Tone.WAIT: "hourglass-split",
    Tone.STOP: "arrow-return-left",
    Tone.DONE: "check-circle-fill",
}
OVERDUE_ICON = "clock-history"  # a missed date is the same tone as a return, but not the same thing
