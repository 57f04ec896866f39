"""A round that is open on 02/12/2024, and nominations in any state, built as rows so that no rule is in the way."""

import pytest

from phongtho_thidua.lib import clock

DEED = "Hiến 640 m² đất và góp 25 ngày công làm đường bản Po Chà, hoàn thành trước hạn 20 ngày."
NOTE = "Cần bổ sung giấy xác nhận của bản."


@pytest.fixture
def award_round(period_2024):
    from awards.models import AwardRound

    return AwardRound.objects.get(period=period_2024)


@pytest.fixture
def form_of(db):
    """`form_of("giay-khen-huyen")`: a form of award of the plan by its key."""
    from awards.models import AwardForm

    return lambda key: AwardForm.objects.get(key=key)


@pytest.fixture
def certificate(form_of):
    return form_of("giay-khen-huyen")


@pytest.fixture
def person_of(cast):
    """`person_of("Lò Văn Páo")`: somebody xã Nậm Xe has entered."""
    from units.services.people import enter_person

    def make(full_name, unit=cast.home, kind="individual", by=cast.officer, **fields):
        return enter_person(unit=unit, kind=kind, full_name=full_name, by=by, **fields)

    return make


@pytest.fixture
def nominated(cast, award_round, certificate):
    """`nominated("submitted", person=…)`: a nomination of xã Nậm Xe in that state, of the commune itself by default."""
    from awards.models import JUDGED, Nomination, NominationState

    def make(state="draft", *, person=None, unit=cast.home, form=certificate, achievement=DEED, **fields):
        values = {"round": award_round, "form": form, "unit": unit, "achievement": achievement, "person": person}
        values |= {"subject_kind": person.kind if person else "collective", "subject_unit": None if person else unit}
        values |= {"prepared_by": cast.officer, "prepared_at": clock.now(), "state": state}
        if state != NominationState.DRAFT:
            values |= {"submitted_by": cast.head, "submitted_at": clock.now()}
        if state in JUDGED:
            values |= {"reviewed_by": cast.reviewer, "reviewed_at": clock.now(), "review_note": NOTE}
        row = Nomination.objects.create(**values | fields)
        row.writers.add(row.prepared_by)
        return row

    return make


@pytest.fixture
def sign_in(client, cast):
    """`sign_in("head")`: the browser of that person."""

    def enter(who):
        client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
