"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.onboarding import views

app_name = "onboarding"
urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/remove/", views.remove, name="remove_demo"),
]
