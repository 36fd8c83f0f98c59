"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.counterparties import views

app_name = "counterparties"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.counterparty_list, name="list"),
    path("new/", views.counterparty_new, name="new"),
    path("check/", views.check, name="check"),
    path("archive/", views.archive, name="archive"),
    path("hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/", views.counterparty_card, name="card"),
    path("<uuid:pk>/edit/", views.counterparty_edit, name="edit"),
]
