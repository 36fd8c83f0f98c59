"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.registers import views

app_name = "registers"
urlpatterns: list[URLPattern] = [
    path("", views.settings, name="settings"),
    path("forget/", views.forget, name="forget"),
    path("<slug:register>/check/", views.check, name="check"),
]
