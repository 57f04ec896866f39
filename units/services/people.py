"""Deeds on persons and households: those of whom units speak, with or without an account."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phongtho_thidua.lib.vietnamese import clean_text, fold, person_sort_key
from units import audit
from units.models import Person


@transaction.atomic
def enter_person(*, unit, kind, full_name, by, birth_year: int | None = None, position="", residence="") -> Person:
    """Somebody `unit` knows; the same name, year of birth and home again is the same person, as entered before.

    Raises PermissionDenied for people of other units, ValidationError for values that the table refuses.
    """
    if not by.has_perm("units.enter_person", unit):
        raise PermissionDenied("Chỉ cán bộ đầu mối và thủ trưởng của đơn vị ghi tên người của đơn vị.")
    full_name, position, residence = (clean_text(text) for text in (full_name, position, residence))
    known = Person.objects.filter(unit=unit, kind=kind, search_text=fold(full_name)[:300], birth_year=birth_year)
    for person in known:
        if (person.full_name, fold(person.residence)) == (full_name, fold(residence)):
            return person
    person = Person(unit=unit, kind=kind, full_name=full_name, birth_year=birth_year, position=position)
    person.residence, person.is_sample = residence, by.is_sample
    person.sort_key, person.search_text = person_sort_key(full_name)[:600], fold(full_name)[:300]
    person.full_clean()
    person.save()
    audit.record(actor=by, action="enter_person", target=person, label=f"ghi tên {person}")
    return person
