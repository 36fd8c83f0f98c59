"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.retention import views

app_name = "retention"
urlpatterns: list[URLPattern] = [
    path("", views.rules, name="rules"),
    path("<slug:kind>/preview/", views.preview, name="preview"),
]
