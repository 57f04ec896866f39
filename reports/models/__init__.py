"""Each unit's yearly account, the jobs that make summaries, and the summaries themselves."""

from .job import Job, JobState, JobTaken, Progress, StepFailed
from .report import AnnualReport, Entry, Figure, ReportState, ReportVersion
from .summary import Face, IssuedFile, Snapshot, Summary, SummaryKind

__all__ = [
    "AnnualReport",
    "Entry",
    "Face",
    "Figure",
    "IssuedFile",
    "Job",
    "JobState",
    "JobTaken",
    "Progress",
    "ReportState",
    "ReportVersion",
    "Snapshot",
    "StepFailed",
    "Summary",
    "SummaryKind",
]
