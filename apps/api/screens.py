"""The page of the API: one's keys, how to ask, what there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import can, needs, signed_in
from apps.api import reported, tokens
from apps.api.kinds import all_kinds, documents
from apps.api.models import ApiToken

_DAYS = [
    ("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("one year")), ("", gettext_lazy("until it is withdrawn")),
]  # fmt: skip


class KeyForm(forms.Form):
    """What a key is for, what it may, how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=100,
        help_text=gettext_lazy("The program's name, so that you know it again."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may"), widget=forms.CheckboxSelectMultiple, required=True
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Good for"), choices=_DAYS, required=False, initial="365"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        everything = [
            (f"{tokens.EVERYTHING}:{tokens.READ}", _("Read everything you may see")),
            (f"{tokens.EVERYTHING}:{tokens.WRITE}", _("Change everything you may change")),
        ]
        each = []
        if can(user, "activities.create"):
            each.append((f"calls:{tokens.WRITE}", _("Tell of calls (telephone exchange)")))
        if any(all(can(user, right) for right in rights) for rights in reported.RIGHTS.values()):
            each.append((f"reports:{tokens.READ}", _("Read reports")))
        if can(user, "people.change"):
            each.append((f"invitations:{tokens.WRITE}", _("Invite people")))
        for kind in all_kinds():
            if not can(user, kind.right_to("view")):
                continue
            name = {"kind": kind.label_plural}
            each.append((f"{kind.key}:{tokens.READ}", _("Read: %(kind)s") % name))
            if kind.save is not None or kind.actions:
                each.append((f"{kind.key}:{tokens.WRITE}", _("Change: %(kind)s") % name))
        for document in documents():
            if can(user, document.right_to("view")):
                name = {"kind": document.label}
                each.append((f"{document.key}:{tokens.READ}", _("Read: %(kind)s") % name))
                each.append((f"{document.key}:{tokens.WRITE}", _("Change: %(kind)s") % name))
        self.fields["scopes"].choices = [*everything, *each]  # type: ignore[attr-defined]


@require_safe
@needs("api.use")
def keys(request: HttpRequest) -> HttpResponse:
    """Show one's keys (who may change others' sees all), and how to ask."""
    return _page(request, KeyForm(user=request.user))


@require_POST
@needs("api.use")
def key_new(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret is shown on this page once."""
    form = KeyForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    days = form.cleaned_data["days"]
    expires_at = timezone.now() + timedelta(days=int(days)) if days else None
    token, secret = tokens.make_token(
        user=signed_in(request),
        name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], expires_at=expires_at,
    )  # fmt: skip
    answer = _page(request, KeyForm(user=request.user), token=token, secret=secret, status=201)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs("api.use")
def key_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a key."""
    token = _seen_by(request).filter(pk=pk).first()
    if token is None:
        raise Http404(str(pk))
    tokens.revoke(token_id=token.pk, by=signed_in(request), now=timezone.now())
    messages.success(request, _("“%(name)s” is withdrawn.") % {"name": token.name})
    return redirect("api:keys")


def _seen_by(request: HttpRequest) -> Any:
    found = ApiToken.objects.select_related("user").order_by("-created_at", "-id")
    return found if can(request.user, "api.change") else found.filter(user=request.user.pk)


def _page(request: HttpRequest, form: KeyForm, *, status: int = 200, **more: Any) -> HttpResponse:
    kinds = [
        (k, k.save is None and not k.actions)
        for k in all_kinds()
        if can(request.user, k.right_to("view"))
    ]
    context = {
        "form": form, "keys": _seen_by(request)[:200], "kinds": kinds, "now": timezone.now(),
        "base": request.build_absolute_uri("/api/v1"), **more,
    }  # fmt: skip
    return render(request, "api/keys.html", context, status=status)
