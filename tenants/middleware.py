"""Who calls, which company it is, and what every answer forbids; before anything else happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_urlconf
from django_tenants.utils import schema_context, tenant_context

from tenants.addresses import company_at
from tenants.context import acting, current_actor
from tenants.current import address, company_of_or_none
from tenants.models import Company

Answer = Callable[[HttpRequest], HttpResponseBase]
_OF_THE_SERVICE = ("/healthz", "/readyz", "/metrics")
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope",
        "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
        "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


class ProxyMiddleware:
    """Put the caller's own address in place of that of the proxies the operator names.

    ``X-Forwarded-For`` is read from its right end, up to the first address that is not a proxy's:
    what stands further left anybody can write. From anybody else it is not read at all.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        caller = str(request.META.get("REMOTE_ADDR", ""))
        for passed_on in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not _is_proxy(caller) or not _is_address(passed_on.strip()):
                break
            caller = passed_on.strip()
        request.META["REMOTE_ADDR"] = caller
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Forbid browsers what no page of ours needs; pages add their content policy."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
        if company_of_or_none(request) is not None:
            answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer


class CompanyMiddleware:
    """Enter the company of the host name, or the public site on the base domain."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with schema_context("public"):
            company = self._company(request)
            address(request, company)
            request.urlconf = (
                settings.PUBLIC_SCHEMA_URLCONF if company is None else settings.ROOT_URLCONF
            )
            set_urlconf(request.urlconf)
            with nullcontext() if company is None else tenant_context(company):
                answer = self.get_response(request)
            if isinstance(answer, StreamingHttpResponse) and not answer.is_async:
                answer.streaming_content = _inside(company, iter(answer))
            return answer

    @staticmethod
    def _company(request: HttpRequest) -> Company | None:
        """Return the company of the host name; ``None`` on the public site.

        :raises Http404: there is no such company, or it is closed.
        """
        address(request, None)
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        host = request.get_host().rsplit(":", 1)[0].rstrip(".").lower()
        if settings.IS_OFFICE and request.path in _OF_THE_SERVICE:
            return None
        if not settings.IS_OFFICE and host in {settings.BASE_DOMAIN, "127.0.0.1"}:
            return None
        company = company_at(host)
        if company is None:
            raise Http404("no company at this address")
        return company


def _inside(company: Company | None, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Make each part of a streamed answer inside the company, in the name of whoever asked.

    The server asks for the parts when the middleware has long returned, perhaps in another order
    than that of the requests, so the company is entered and left for every part.
    """
    actor, iterator = current_actor(), iter(parts)
    while True:
        with acting(**actor._asdict()):
            if company is None:
                part = next(iterator, None)
            else:
                with tenant_context(company):
                    part = next(iterator, None)
        if part is None:
            return
        yield part


def _is_proxy(address: str) -> bool:
    return _is_address(address) and any(
        ip_address(address) in network for network in settings.TRUSTED_PROXIES
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
