"""Who exists, who may act, who acted, who was told."""

from .clusters import Cluster, ClusterMember, ClusterRole
from .files import Attachment, FileKind, StoredFile, register_readers
from .outbox import Letter, Mailing, MailingState
from .people import Membership, Person, PersonKind, Role, Theme, User
from .registry import Duty, Mandate, SectorCode, Unit, UnitCode, UnitKind, UnitName
from .trace import AuditEvent, AuditHead, Notification

__all__ = [
    "Attachment",
    "AuditEvent",
    "AuditHead",
    "Cluster",
    "ClusterMember",
    "ClusterRole",
    "Duty",
    "FileKind",
    "Letter",
    "Mailing",
    "MailingState",
    "Mandate",
    "Membership",
    "Notification",
    "Person",
    "PersonKind",
    "Role",
    "SectorCode",
    "StoredFile",
    "Theme",
    "Unit",
    "UnitCode",
    "UnitKind",
    "UnitName",
    "User",
    "register_readers",
]
