"""The company of a request is found by its host name, before anything else happens."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import set_urlconf

from tenants.models import CompanyState, Domain


class CompanyMiddleware:
    """Enter the company of the host name, or the public site on the base domain."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        former = connection.tenant
        connection.set_schema_to_public()
        host = request.get_host().rsplit(":", 1)[0].rstrip(".").lower()
        if host in {settings.BASE_DOMAIN, "127.0.0.1"}:
            request.tenant = None
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        else:
            domain = (
                Domain.objects.select_related("tenant")
                .filter(domain=host, tenant__state=CompanyState.ACTIVE)
                .first()
            )
            if domain is None:
                request.tenant = None
                request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
                set_urlconf(request.urlconf)
                raise Http404("no company at this address")
            request.tenant = domain.tenant
            request.urlconf = settings.ROOT_URLCONF
            connection.set_tenant(domain.tenant)
        set_urlconf(request.urlconf)
        try:
            return self.get_response(request)
        finally:
            connection.set_tenant(former)
