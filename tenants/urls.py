"""Addresses of the public site."""

from django.urls import URLPattern, URLResolver, path

from tenants import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.sign_up_page, name="sign_up"),
    path("check-name/", views.check_name, name="check_name"),
    path("sign-in/", views.find, name="find"),
    path("sign-in/by-mail/", views.find_by_mail, name="find_by_mail"),
    path("preferences/", views.preferences, name="public_preferences"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
