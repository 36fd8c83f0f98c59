"""Screens of our own organizations and of the settings for invoices."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, needs
from apps.core import organizations
from apps.core.models import CompanySettings, Organization
from apps.finance.forms import OrganizationForm, SettingsForm


@require_safe
@needs("organizations.view")
def organization_list(request: HttpRequest) -> HttpResponse:
    """Show who sells, and the settings for invoices."""
    settings = CompanySettings.objects.filter(pk=1).first() or CompanySettings()
    context = {
        "organizations": Organization.objects.filter(is_archived=False).order_by(
            "-is_default", "name", "id"
        ),
        "form": SettingsForm(initial={"stock_check": settings.stock_check}),
        "may_change": can(request.user, "organizations.change"),
        "may_set": can(request.user, "settings.change"),
        "stock_check": settings.get_stock_check_display(),
    }
    return render(request, "finance/organizations.html", context)


@require_http_methods(["GET", "POST"])
@needs("organizations.change")
def organization_new(request: HttpRequest) -> HttpResponse:
    """Enter an organization."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("organizations.change")
def organization_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an organization."""
    organization = Organization.objects.filter(pk=pk).first()
    if organization is None:
        raise Http404(str(pk))
    return _edit(request, organization)


@require_POST
@needs("settings.change")
def change_settings(request: HttpRequest) -> HttpResponse:
    """Keep the settings for invoices."""
    form = SettingsForm(request.POST)
    if form.is_valid():
        organizations.change_settings(stock_check=form.cleaned_data["stock_check"])
        messages.success(request, _("The settings are saved."))
    return redirect("finance:organizations")


def _edit(request: HttpRequest, organization: Organization | None) -> HttpResponse:
    form = OrganizationForm(request.POST or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            saved = organizations.save_organization(
                is_default=data.pop("is_default"),
                values=data,
                organization_id=organization.pk if organization else None,
            )
        except organizations.PrefixTaken:
            form.add_error(
                "invoice_prefix", _("Another organization has this prefix: numbers would repeat.")
            )
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("finance:organizations")
    context = {"form": form, "organization": organization}
    status = 422 if form.is_bound else 200
    return render(request, "finance/organization.html", context, status=status)
