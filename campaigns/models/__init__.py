"""The movement and what people put into it during the year: periods, registrations, guidance, inspections."""

from .guidance import Guidance, Question
from .inspection import Finding, FindingState, FollowUp, Inspection, InspectionState
from .leeway import Excusal, Extension, ExtensionState
from .period import Holiday, Period, PeriodState
from .plan import Campaign, Content, Milestone, Phase
from .registration import PlannedWork, Promise, Registration, RegistrationState, RegistrationVersion

__all__ = [
    "Campaign",
    "Content",
    "Excusal",
    "Extension",
    "ExtensionState",
    "Finding",
    "FindingState",
    "FollowUp",
    "Guidance",
    "Holiday",
    "Inspection",
    "InspectionState",
    "Milestone",
    "Period",
    "PeriodState",
    "Phase",
    "PlannedWork",
    "Promise",
    "Question",
    "Registration",
    "RegistrationState",
    "RegistrationVersion",
]
