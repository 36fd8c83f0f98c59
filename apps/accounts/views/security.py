"""The security log: who signed in, took lists out, read closed details, changed rights."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.accounts.security import SecurityLog
from apps.core.lists import show_list


@require_safe
@needs("security.view")
def log(request: HttpRequest) -> HttpResponse:
    """Show the security log, the latest first; ``?part=`` pieces alone."""
    return show_list(request, SecurityLog(request))
