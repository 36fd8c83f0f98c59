"""The public site: signing up, finding one's company, health of the service."""

from __future__ import annotations

import time

import redis
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tenants import signup
from tenants.addresses import company_url
from tenants.forms import SENTENCES, FindByMailForm, FindForm, SignUpForm
from tenants.models import Company
from tenants.names import suggestion
from tenants.provisioning.rendering import TEMPLATE
from tenants.services import NameRefused, name_fault, sign_up
from tenants.ways import mail_ways

SIGN_UPS_PER_HOUR = 20  # from one address
FINDS_PER_HOUR = 30  # from one address
MAILS_PER_HOUR = 3  # to one e-mail
LOCAL = {"127.0.0.1", "::1"}
A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def sign_up_page(request: HttpRequest) -> HttpResponse:
    """Show the sign-up page; make the company and carry its owner there, signed in."""
    if request.method == "GET":
        form = SignUpForm(initial=SignUpForm.defaults((get_language() or "en")[:2]))
        return _sign_up_form(request, form)
    if _is_too_often(request, "sign-up", SIGN_UPS_PER_HOUR):
        return render(request, "errors/429.html", status=429)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _sign_up_form(request, form, status=422)
    asked = form.asked()
    try:
        company = sign_up(asked=asked, now=timezone.now())
    except NameRefused as refusal:
        form.add_error("slug", SENTENCES[refusal.fault])
        return _sign_up_form(request, form, status=422)
    return HttpResponseRedirect(company_url(company) + signup.arrival_path(company, asked))


@require_GET
def check_name(request: HttpRequest) -> HttpResponse:
    """Say while typing whether an address name is free; suggest one from the company's name."""
    slug = request.GET.get("slug", "").strip().lower()
    name = request.GET.get("name", "")
    proposed = "" if slug else suggestion(name)
    fault = name_fault(slug) if slug else None
    return render(
        request,
        "public/_name.html",
        {
            "slug": slug,
            "proposed": proposed if proposed and name_fault(proposed) is None else "",
            "sentence": SENTENCES[fault] if fault else "",
            "base_domain": settings.BASE_DOMAIN,
        },
    )


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Lead a person to the sign-in page of their company."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        company = Company.objects.active().filter(slug=form.cleaned_data["slug"]).first()
        if company is not None:
            return HttpResponseRedirect(f"{company_url(company)}{settings.LOGIN_URL}")
        form.add_error("slug", _("There is no company at this address."))
    return _find_page(request, form, FindByMailForm(prefix="mail"))


@require_POST
def find_by_mail(request: HttpRequest) -> HttpResponse:
    """Mail the addresses of a person's companies; the page says the same to everybody."""
    form = FindByMailForm(request.POST, prefix="mail")
    if not form.is_valid():
        return _find_page(request, FindForm(), form)
    email = form.cleaned_data["email"].lower()
    if _is_too_often(request, "find", FINDS_PER_HOUR):
        return render(request, "errors/429.html", status=429)
    if not _is_counted_out(f"find:{email}", MAILS_PER_HOUR):
        mail_ways.delay(email=email, language=get_language() or "en")
    return render(request, "public/mailed.html", {"email": email})


def _find_page(request: HttpRequest, form: FindForm, by_mail: FindByMailForm) -> HttpResponse:
    values = {"form": form, "by_mail": by_mail, "base_domain": settings.BASE_DOMAIN}
    status = 422 if form.errors or by_mail.errors else 200
    return render(request, "public/find.html", values, status=status)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language of this browser."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", httponly=True
        )
    return answer


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether pages can be served: database, migrations, Valkey."""
    problems = []
    try:
        if not _is_migrated():
            problems.append("migrations: run migrate_schemas")
    except DatabaseError as error:
        problems.append(f"database: {str(error).splitlines()[0]}")
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
    except redis.RedisError as error:
        problems.append(f"valkey: {error}")
    text = "\n".join(problems) or "ready"
    return HttpResponse(text, content_type="text/plain", status=503 if problems else 200)


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures for the operator's monitoring, to this machine or to who has the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    has_token = bool(settings.METRICS_TOKEN) and constant_time_compare(
        given, settings.METRICS_TOKEN
    )
    # A forwarded request came through a proxy on this machine: its caller may be anybody.
    is_local = request.META.get("REMOTE_ADDR") in LOCAL and "X-Forwarded-For" not in request.headers
    if not (has_token or is_local):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _sign_up_form(request: HttpRequest, form: SignUpForm, *, status: int = 200) -> HttpResponse:
    values = {"form": form, "base_domain": settings.BASE_DOMAIN}
    return render(request, "public/sign_up.html", values, status=status)


def _is_too_often(request: HttpRequest, what: str, limit: int) -> bool:
    return _is_counted_out(f"{what}:{request.META.get('REMOTE_ADDR')}", limit)


def _is_counted_out(what: str, limit: int) -> bool:
    """Count one more within this hour; tell whether the limit is passed."""
    key = f"{what}:{int(time.time()) // 3600}"
    cache = caches["public"]
    cache.add(key, 0, timeout=3600)
    return int(cache.incr(key)) > limit


def _is_migrated() -> bool:
    """Tell whether the template has every migration of this program; asked until it has once."""
    if not _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [f"{TEMPLATE}.django_migrations"])
            if cursor.fetchone()[0] is None:
                return False
            cursor.execute(f"SELECT app, name FROM {TEMPLATE}.django_migrations")  # noqa: S608
            applied = set(cursor.fetchall())
        if set(MigrationLoader(None).disk_migrations) <= applied:
            _migrated.append(True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return bool(_migrated)


_migrated: list[bool] = []
