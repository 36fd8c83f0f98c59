"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from apps.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhook_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.card, name="card"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/remove/", views.remove, name="remove"),
    path("<uuid:pk>/test/", views.test, name="test"),
    path("deliveries/<uuid:pk>/replay/", views.replay, name="replay"),
]
