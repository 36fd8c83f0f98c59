"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.mail.views import boxes, reading, strangers, writing

app_name = "mail"
urlpatterns: list[URLPattern] = [
    path("", reading.mail_list, name="list"),
    path("messages/<uuid:pk>/", reading.message, name="message"),
    path("files/<uuid:pk>/", writing.file_get, name="file"),
    path("write/<slug:kind>/<uuid:key>/", writing.write, name="write"),
    path("sendings/<uuid:pk>/hold/", writing.hold, name="hold"),
    path("sendings/<uuid:pk>/again/", writing.again, name="again"),
    path("sendings/<uuid:pk>/discard/", writing.discard, name="discard"),
    path("strangers/", strangers.sender_list, name="strangers"),
    path("strangers/lead/", strangers.lead, name="stranger_lead"),
    path("strangers/add/", strangers.add, name="stranger_add"),
    path("strangers/ignore/", strangers.ignore, name="stranger_ignore"),
    path("ignored/", strangers.ignored_list, name="ignored"),
    path("ignored/<uuid:pk>/stop/", strangers.stop_ignoring, name="stop_ignoring"),
    path("boxes/", boxes.box_list, name="boxes"),
    path("boxes/new/", boxes.box_new, name="box_new"),
    path("boxes/<uuid:pk>/", boxes.box_edit, name="box_edit"),
    path("boxes/<uuid:pk>/check/", boxes.box_check, name="box_check"),
]
