"""Registrations for tests, made by the deeds of the people of the unit."""

from datetime import date
from decimal import Decimal

from campaigns.models import Content, Registration
from campaigns.services import registration as deeds

REASON = "Tỉnh giao thêm vốn, xã nâng chỉ tiêu giải ngân."
SPENT = "HT6.von_giai_ngan"


def target(value, note=""):
    return {"value": Decimal(value), "day": None, "note": note}


def work(name="Đường bản Po Chà", content="ND6", due_on=date(2024, 9, 30), note="2,4 km"):
    return {"name": name, "content": content, "due_on": due_on, "note": note}


def contents(*codes):
    return list(Content.objects.filter(code__in=codes))


def fill(registration, by):
    """Two contents, one target, one work: enough to be registered."""
    deeds.save_contents(registration=registration, contents=contents("ND3", "ND6"), by=by)
    deeds.save_promises(registration=registration, promises={SPENT: target("8412")}, by=by)
    return deeds.save_works(registration=registration, works=[work()], by=by)


def registration_of(unit, period, *, officer, head, state="draft", full=True) -> Registration:
    """The registration of `unit`, brought to `state`."""
    row = deeds.start_registration(unit=unit, period=period, by=officer)
    row = fill(row, officer) if full else row
    if state != "draft":
        row = deeds.submit(registration=row, by=head)
    if state == "amending":
        row = deeds.amend(registration=row, note=REASON, by=officer)
    return row
