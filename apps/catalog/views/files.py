"""Pictures and files of products, to people of the company only."""

from __future__ import annotations

from pathlib import PurePosixPath
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog import pictures
from apps.catalog.models import ProductFile


@require_safe
@needs("products.view")
def product_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a picture (``?size=small|medium`` for a small one), anything else as a download."""
    file = get_object_or_404(ProductFile.objects.exclude(digest=""), pk=pk)
    size = request.GET.get("size", "")
    tag = f'"{file.digest[:32]}-{size}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    try:
        if size in pictures.SIZES:
            served = pictures.small_version(file.digest, size=size)
        else:
            served = pictures.original(file.digest)
    except (pictures.NotAPicture, FileNotFoundError) as error:
        raise Http404(str(pk)) from error
    response = FileResponse(
        served.source,
        content_type=served.content_type,
        as_attachment=not served.is_shown,
        filename=PurePosixPath(file.path).name,
    )
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=86400"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
