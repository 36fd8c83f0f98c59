"""Addresses of the public site: sign-up, the way to one's company, health."""

from django.urls import include, path

urlpatterns = [path("", include("tenants.urls"))]
