"""The entries of 1C's free directories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog.directories import DirectoryList
from apps.core.lists import show_list


@require_safe
@needs("products.view")
def directory_list(request: HttpRequest) -> HttpResponse:
    """Show the entries of all directories; ``?part=`` pieces alone."""
    return show_list(request, DirectoryList(request), template="catalog/directories.html")
