"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from apps.custom import views, views_layouts

app_name = "custom"
urlpatterns = [
    path("", views.home, name="home"),
    path("objects/new/", views.object_new, name="object_new"),
    path("objects/<uuid:pk>/", views.object_edit, name="object"),
    path("objects/<uuid:pk>/retire/", views.object_retire, name="object_retire"),
    path("fields/<uuid:pk>/", views.field_edit, name="field"),
    path("fields/<uuid:pk>/retire/", views.field_retire, name="field_retire"),
    path("fields/<uuid:pk>/move/", views.field_move, name="field_move"),
    path("kinds/<slug:kind>/", views.fields, name="fields"),
    path("kinds/<slug:kind>/new/", views.field_new, name="field_new"),
    path("kinds/<slug:kind>/layout/", views_layouts.layout, name="layout"),
    path("menu/", views_layouts.menu, name="menu"),
    path("mine/", views_layouts.my_menu, name="my_menu"),
    path("mine/<slug:kind>/", views_layouts.my_layout, name="my_layout"),
    path("rows/<slug:kind>/", views.row_list, name="rows"),
    path("rows/<slug:kind>/new/", views.row_new, name="row_new"),
    path("rows/<slug:kind>/archive/", views.rows_archive, name="rows_archive"),
    path("row/<uuid:pk>/", views.row_card, name="row"),
    path("row/<uuid:pk>/edit/", views.row_edit, name="row_edit"),
]
