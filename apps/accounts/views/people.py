"""Signing in, one's profile, people of the company."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import entering, roles, services
from apps.accounts.forms import InviteForm, JoinForm, PersonForm, ProfileForm
from apps.accounts.models import User
from apps.accounts.rights import needs, signed_in
from apps.core.entering import show
from apps.core.objects import Refused
from tenants.audit.services import record

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class CompanyLoginView(LoginView):
    """allauth's sign-in; a refused password is a line in the security log."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Note the refusal."""
        record(
            kind="sign_in.refused",
            login=str(self.request.POST.get("login", ""))[:200],
            address=self.request.META.get("REMOTE_ADDR"),
        )
        return super().form_invalid(form)  # type: ignore[no-any-return]


login = CompanyLoginView.as_view()


def closed(request: HttpRequest) -> HttpResponse:
    """Nobody joins a company by filling in a form: people are invited."""
    raise Http404


@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Sign in whom the public site sends here right after sign-up."""
    user = services.arriving(token=request.GET.get("token", ""))
    if user is None:
        messages.error(request, _("This link was good once and for a minute. Sign in here."))
        return redirect("account_login")
    sign_in(request, user, backend=BACKEND)
    return redirect("core:start")


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, language and time zone."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account_profile")
    status = 422 if form.errors else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)


@needs("people.view")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the people of the company."""
    return _people(request, InviteForm(by=signed_in(request)))


def _people(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    found = User.objects.select_related("access_role", "team")
    rows = found.order_by("-is_active", "full_name", "email", "pk")
    context = {"people": rows, "form": form}
    return render(request, "accounts/people.html", context, status=status)


@needs("people.change")
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Send an invitation by mail."""
    by = signed_in(request)
    form = InviteForm(request.POST, by=by)
    try:
        email = entering.invite(form=form, by=by)
    except Refused:
        return _people(request, form, status=422)
    messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": email})
    return redirect("people")


@needs("people.change")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a person; change role or whether they may sign in."""
    user = get_object_or_404(User.objects.select_related("access_role"), pk=pk)
    by = signed_in(request)
    try:
        services.require_owner_for(role=user.role, by=by)
    except services.OwnersOnly:
        raise PermissionDenied from None
    form = PersonForm(request.POST or None, initial=PersonForm.initial_of(user), by=by)
    if request.method == "POST" and form.is_valid():
        try:
            entering.change_person(user=user, form=form, by=by)
        except Refused as refused:
            show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("people")
    values = {"person": user, "form": form}
    return render(request, "accounts/person.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password and begin."""
    try:
        invitation = services.read_invitation(token=token)
    except services.InvitationExpired:
        return render(request, "accounts/join_expired.html", status=410)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = services.accept_invitation(token=token, **form.cleaned_data)
        sign_in(request, user, backend=BACKEND)
        return redirect("core:start")
    return render(
        request,
        "accounts/join.html",
        {"form": form, "invitation": invitation, "role": roles.name_of(invitation.role)},
        status=422 if form.errors else 200,
    )
