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
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import modules, roles, services
from apps.accounts.forms import InviteForm, JoinForm, PersonForm, ProfileForm
from apps.accounts.models import User
from apps.accounts.rights import needs, signed_in
from apps.accounts.rights.matrix import right_label
from apps.accounts.tasks import send_invitation
from apps.accounts.views.modules import no_seat_text
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
    if not form.is_valid():
        return _people(request, form, status=422)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        base, own = roles.read_choice(role)
        roles.require_no_more(roles.ticked(own or roles.built_in(base)).scopes, by=by)
    except roles.MoreThanOneself as error:
        raise PermissionDenied from error
    token = services.invitation_token(email=email, role=role)
    path = reverse("people_join", args=[token])
    send_invitation.delay(email=email, path=path, inviter=str(by))
    record(kind="people.invited", login=email, role=role, by=by.email)
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
        role, access_role = roles.read_choice(form.cleaned_data["role"])
        try:
            services.change_person(
                user_id=user.pk, role=role, access_role=access_role, place=form.place(),
                is_active=form.cleaned_data["is_active"], by=by,
            )  # fmt: skip
        except roles.MoreThanOneself as error:
            text = _("This would give or take a right that you do not have: %(right)s.")
            form.add_error("role", text % {"right": right_label(error.right)})
        except modules.NoSeatLeft as error:
            form.add_error("without", no_seat_text(error))
        except services.LastOwner:
            form.add_error(None, _("This is the only owner. Make somebody else an owner first."))
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
