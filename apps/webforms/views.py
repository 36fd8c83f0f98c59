"""The form that strangers see, and the screens on which administrators make it."""

from __future__ import annotations

from html import escape
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs
from apps.accounts.throttling import address_of
from apps.core.objects import Refused
from apps.webforms import services
from apps.webforms.forms import WebFormForm
from apps.webforms.models import WebForm
from apps.webforms.services import FormValues
from tenants.current import company_of

# It stands in pages of other sites; it fetches our style sheet, sends to us, and does nothing else.
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors *"
)
_INPUTS = {"phone": "tel", "email": "email", "url": "url", "date": "date", "number": "number"}


@csrf_exempt  # strangers have no session; the form gives no access to anything
@xframe_options_exempt
@require_http_methods(["GET", "POST"])
def web_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form to whoever comes, and take what they post."""
    try:
        form = services.form_at(token)
    except WebForm.DoesNotExist:
        raise Http404(token[:40]) from None
    company = company_of(request)
    with override(company.language):
        answer = _answered(request, form, company)
    answer["Content-Security-Policy"] = _POLICY
    answer["Cache-Control"] = "no-store"
    return answer


def _answered(request: HttpRequest, form: WebForm, company: Any) -> HttpResponse:
    given = {name: str(value) for name, value in request.POST.items()}
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            services.take(
                form=form, given=given, address=address_of(request), now=timezone.now()
            )
        except services.TooOften:
            errors = {"": [_("That was often. Try again in some minutes.")]}
            status = 429
        except Refused as refused:
            errors, status = refused.errors, 422
        else:
            context = {"form": form, "company": company, "is_done": True}
            return render(request, "webforms/form.html", context)
    inputs = [
        {
            "field": field, "is_required": field.key in form.required,
            "type": _INPUTS.get(field.type, "text"), "choices": field.offered(),
            "value": given.get(field.key, ""), "errors": errors.get(field.key, ()),
        }
        for field in services.fields_of(form)
    ]  # fmt: skip
    context = {
        "form": form, "company": company, "inputs": inputs, "whole": errors.get("", ()),
        "trap": services.TRAP, "submission_name": services.SUBMISSION,
        "submission": given.get(services.SUBMISSION) or uuid4().hex,
    }  # fmt: skip
    return render(request, "webforms/form.html", context, status=status)


@require_safe
@needs("customization.change")
def form_list(request: HttpRequest) -> HttpResponse:
    """Show the forms of the company, and how many leads each has brought."""
    return render(request, "webforms/list.html", {"forms": services.forms()})


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def form_new(request: HttpRequest) -> HttpResponse:
    """Make a form."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def form_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a form; its page and snippets are below."""
    return _edit(request, get_object_or_404(WebForm, pk=pk))


def _edit(request: HttpRequest, row: WebForm | None) -> HttpResponse:
    initial = (
        {"name": row.name, "owner": row.owner_id, "thanks": row.thanks, "is_active": row.is_active}
        if row else {"is_active": True, "owner": request.user.pk}
    )  # fmt: skip
    form = WebFormForm(request.POST or None, initial=initial, label_suffix="")
    asked = request.POST.getlist("ask") if request.method == "POST" else (
        row.fields if row else ["name", "phone", "email", "comment"]
    )  # fmt: skip
    required = request.POST.getlist("require") if request.method == "POST" else (
        row.required if row else ["name"]
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            saved = services.save_form(
                values=FormValues(
                    name=told["name"], fields=asked, required=required, thanks=told["thanks"],
                    owner_id=told["owner"].pk if told["owner"] else None,
                    is_active=told["is_active"],
                ),
                by=cast(User, request.user), form_id=row.pk if row else None,
            )  # fmt: skip
        except services.TooManyForms:
            form.add_error(None, services.too_many())
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("webforms:edit", saved.pk)
    chosen = [key for key in asked if key in {field.key for field in services.offered_fields()}]
    offered = sorted(
        services.offered_fields(),
        key=lambda field: chosen.index(field.key) if field.key in chosen else len(chosen),
    )
    context: dict[str, Any] = {
        "form": form, "row": row, "offered": offered, "asked": asked, "required": required,
    }  # fmt: skip
    if row is not None:
        address = request.build_absolute_uri(reverse("webforms:web_form", args=[row.key]))
        context |= {
            "address": address, "frame": _frame(row, address), "plain": _plain(row, address)
        }
    return render(request, "webforms/edit.html", context, status=422 if form.is_bound else 200)


def _frame(row: WebForm, address: str) -> str:
    """Return what puts the form into a page as it stands here."""
    return (
        f'<iframe src="{address}" title="{escape(row.name)}" width="100%" height="560"'
        ' loading="lazy" style="border:0"></iframe>'
    )


def _plain(row: WebForm, address: str) -> str:
    """Return a plain form in HTML, to be styled by the page it stands in."""
    lines = [f'<form action="{address}" method="post" target="_blank" rel="noopener">']
    for field in services.fields_of(row):
        name, label = field.key, escape(str(field.label))
        must = " required" if name in row.required else ""
        if field.type == "long_text":
            control = f'<textarea name="{name}"{must}></textarea>'
        elif field.type == "choice":
            options = "".join(
                f'<option value="{escape(value)}">{escape(text)}</option>'
                for value, text in field.offered()
            )
            control = f'<select name="{name}"{must}><option value=""></option>{options}</select>'
        elif field.type == "boolean":
            control = f'<input type="checkbox" name="{name}" value="yes"{must}>'
        else:
            control = f'<input type="{_INPUTS.get(field.type, "text")}" name="{name}"{must}>'
        lines.append(f"  <label>{label} {control}</label>")
    lines += [
        f'  <input name="{services.TRAP}" tabindex="-1" autocomplete="off" style="display:none">',
        f'  <button>{escape(_("Send"))}</button>', "</form>",
    ]  # fmt: skip
    return "\n".join(lines)
