"""What every form does with the text that comes in."""

import pytest
from django import forms

from units.forms import CleanForm


class LetterForm(CleanForm):
    reason = forms.CharField(label="Lý do")
    document = forms.CharField(label="Văn bản", required=False)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200b", "\u202e", "\u3164 \u2060"])
def test_what_nobody_can_see_does_not_fill_a_field(typed):
    form = LetterForm({"reason": typed, "document": typed})
    assert form.errors == {"reason": LetterForm().fields["reason"].error_messages["required"].split("\n")}


def test_what_comes_in_is_cleaned_once():
    form = LetterForm({"reason": "  Na\u200b\u0323m Xe\r\n", "document": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"reason": "Nạm Xe", "document": ""}
