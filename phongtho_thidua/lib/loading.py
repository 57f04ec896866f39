"""Official data from files into tables, so that a second run finds nothing to do."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def put(rows: QuerySet, values: dict, **identity) -> tuple[Row, str]:
    """The row with `identity` among `rows`, made or brought to `values`; and what happened: "new", "changed" or "same".

    Only a row that has to change is validated and written, so data that is already there may be read by anybody.
    """
    row = rows.filter(**identity).first() or rows.model(**identity)
    is_new = row.pk is None
    differing = {name: value for name, value in values.items() if is_new or getattr(row, name) != value}
    if not (is_new or differing):
        return row, "same"
    for name, value in differing.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row, "new" if is_new else "changed"
