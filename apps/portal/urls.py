"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.portal.views import ours, theirs

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", theirs.home, name="home"),
    path("enter/<str:token>/", theirs.enter, name="enter"),
    path("links/<uuid:pk>/", ours.links, name="links"),
    path("links/<uuid:pk>/end/", ours.revoke, name="revoke"),
    path("links/<uuid:pk>/answer/", ours.answer, name="answer"),
    path("quotations/<uuid:pk>/decide/", theirs.decide, name="decide"),
    path("<slug:kind>/<uuid:pk>/", theirs.document, name="document"),
    path("<slug:kind>/<uuid:pk>/pdf/", theirs.paper, name="paper"),
    path("<slug:kind>/<uuid:pk>/comment/", theirs.comment, name="comment"),
]
