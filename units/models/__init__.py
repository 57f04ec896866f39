"""Who exists, who may act, who acted, who was told."""

from .people import Membership, Person, PersonKind, Role, Theme, User
from .registry import Duty, Mandate, SectorCode, Unit, UnitCode, UnitKind, UnitName
from .trace import AuditEvent, AuditHead, Notification

__all__ = [
    "AuditEvent",
    "AuditHead",
    "Duty",
    "Mandate",
    "Membership",
    "Notification",
    "Person",
    "PersonKind",
    "Role",
    "SectorCode",
    "Theme",
    "Unit",
    "UnitCode",
    "UnitKind",
    "UnitName",
    "User",
]
