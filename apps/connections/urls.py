"""Addresses of the exchange screens."""

from django.urls import path

from apps.connections import views

app_name = "exchange"
urlpatterns = [
    path("", views.home, name="home"),
    path("connect/", views.connect, name="connect"),
    path("connections/<uuid:pk>/", views.guide, name="guide"),
    path("connections/<uuid:pk>/settings/", views.settings, name="settings"),
    path("connections/<uuid:pk>/password/", views.new_password, name="password"),
    path("connections/<uuid:pk>/by-hand/", views.by_hand, name="by_hand"),
    path("connections/<uuid:pk>/orders.xml", views.orders_file, name="orders_file"),
    path("runs/<uuid:pk>/", views.session, name="session"),
    path("runs/<uuid:pk>/again/", views.run_again, name="run_again"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:pk>/problems.csv", views.problems_csv, name="problems_csv"),
    path("files/<uuid:pk>/", views.raw_file, name="raw_file"),
]
