"""Each unit's yearly account, the jobs that make summaries, and the summaries themselves."""

from .cluster import ClusterReport, ClusterReportState, Ranking, Score, ScoreItem, ScoreKind, Stage
from .evidence import Evidence, EvidenceUse
from .job import Job, JobState, JobTaken, Progress, StepFailed
from .late import LateDraft
from .remark import Remark, RemarkState, WithdrawalRequest, WithdrawalState
from .report import AnnualReport, Entry, Figure, ReportState, ReportVersion
from .summary import Face, IssuedFile, Snapshot, Summary, SummaryKind
from .verification import Recognition, Verification, VerificationState

__all__ = [
    "AnnualReport",
    "ClusterReport",
    "ClusterReportState",
    "Entry",
    "Evidence",
    "EvidenceUse",
    "Face",
    "Figure",
    "IssuedFile",
    "Job",
    "JobState",
    "JobTaken",
    "LateDraft",
    "Progress",
    "Ranking",
    "Recognition",
    "Remark",
    "RemarkState",
    "ReportState",
    "ReportVersion",
    "Score",
    "ScoreItem",
    "ScoreKind",
    "Snapshot",
    "Stage",
    "StepFailed",
    "Summary",
    "SummaryKind",
    "Verification",
    "VerificationState",
    "WithdrawalRequest",
    "WithdrawalState",
]
