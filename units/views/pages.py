"""Pages of one kind that every app has."""

from django.shortcuts import render


def form_page(request, form, title: str, button: str, back_url: str, back_label: str, **more):
    """A page with one form (`form_page.html`): 422 once it was refused, with what was typed."""
    context = {"form": form, "title": title, "button": button, "back_url": back_url, "back_label": back_label}
    return render(request, "form_page.html", context | more, status=422 if form.errors else 200)
