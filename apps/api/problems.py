"""Refusals of the API as RFC 9457 has them: a status, a title, a sentence, sentences by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not found",
    405: "Method not allowed", 409: "Conflict", 412: "Changed meanwhile",
    413: "Too large", 415: "Not JSON", 422: "Refused", 429: "Too many requests",
}  # fmt: skip


class Problem(Exception):
    """A request that is refused; nothing was changed."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers, self.more = dict(headers or {}), more

    def body(self) -> dict[str, Any]:
        """Return what the answer says."""
        said: dict[str, Any] = {
            "type": "about:blank", "title": TITLES.get(self.status, "Refused"),
            "status": self.status, "detail": self.detail, **self.more,
        }  # fmt: skip
        if self.errors is not None:
            said["errors"] = {key: list(sentences) for key, sentences in self.errors.items()}
        return said

    def answer(self) -> JsonResponse:
        """Return the answer."""
        return JsonResponse(
            self.body(), status=self.status, content_type=CONTENT_TYPE, headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )  # fmt: skip
