"""Köprü as a program of the phone: what it is called there, and how it reads without a line.

The service worker (``frontend/templates/core/service-worker.js``) keeps the pages a person opened
lately. Which pages those may be, and whose they are, is told by ``KeptPagesMiddleware``.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

THEME_LIGHT, THEME_DARK = "#f5f6f8", "#0f1116"  # --page of app.css, in colours a manifest knows
SHORT = 12  # letters below an icon
_SHELL = (
    "css/app.css", "css/lists.css", "vendor/htmx-4.0.1/htmx.min.js",
    "vendor/htmx-4.0.1/hx-preload.min.js", "js/app.js", "js/lists.js", "js/live.js",
    "js/notices.js", "js/offline.js", "icons.svg", "favicon.svg",
    "vendor/inter-5.3.0/inter-latin.woff2", "vendor/inter-5.3.0/inter-latin-ext.woff2",
    "vendor/inter-5.3.0/inter-cyrillic.woff2",
)  # fmt: skip
_HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")  # named by content: never stale


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Tell a browser how the company is installed: name, pictures, colours, where it begins."""
    name = request.tenant.name  # type: ignore[attr-defined]  # set by CompanyMiddleware
    icons = [
        {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png",
            "purpose": "maskable",
        },
    ]  # fmt: skip
    told = {
        "id": "/", "name": name, "short_name": name if len(name) <= SHORT else name[:SHORT].strip(),
        "start_url": "/", "scope": "/", "display": "standalone", "lang": get_language(),
        "background_color": THEME_LIGHT, "theme_color": THEME_LIGHT, "icons": icons,
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker; it is another one whenever a file of the shell is."""
    shell = [address for address in map(static, _SHELL) if _HASHED.search(address)]
    offline = reverse("core:offline")
    seed = json.dumps([shell, get_language(), settings.STATIC_URL])
    config = {
        "version": hashlib.sha256(seed.encode()).hexdigest()[:16], "shell": [*shell, offline],
        "offline": offline, "static": settings.STATIC_URL, "signOut": reverse("account_logout"),
    }  # fmt: skip
    answer = render(
        request, "core/service-worker.js", {"config": json.dumps(config)},
        content_type="text/javascript",
    )  # fmt: skip
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show what stands in place of a page that cannot be fetched; it names nobody."""
    return render(request, "core/offline.html")


def tag_of(user: Any, schema: str) -> str:
    """Return the name by which a browser keeps one person's pages apart from another's."""
    seed = f"{settings.SECRET_KEY}:kept:{schema}:{user.pk}"
    return hashlib.sha256(seed.encode()).hexdigest()[:20]
