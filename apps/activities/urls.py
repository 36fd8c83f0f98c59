"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.activities.views import acting, calendars, cards, day, timelines

app_name = "activities"
urlpatterns: list[URLPattern] = [
    path("", day.today, name="today"),
    path("list/", day.activity_list, name="list"),
    path("list/do/", acting.bulk, name="bulk"),
    path("quick/", day.quick_add, name="quick"),
    path("team/", day.team, name="team"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/layers/", calendars.layers, name="layers"),
    path("calendar/<slug:layer>/<uuid:pk>/", calendars.move, name="calendar_move"),
    path("new/", cards.new, name="new_task"),
    path("new/call/", cards.new, {"kind": "call"}, name="new_call"),
    path("new/meeting/", cards.new, {"kind": "meeting"}, name="new_meeting"),
    path("new/absence/", cards.new, {"kind": "absence"}, name="new_absence"),
    path("customers/", cards.customers, name="customers"),
    path("people/", cards.people, name="people"),
    path("mentions/", cards.mentions, name="mentions"),
    path("undo/", acting.undo, name="undo"),
    path("timeline/<slug:kind>/<uuid:key>/", timelines.timeline, name="timeline"),
    path("timeline/<slug:kind>/<uuid:key>/compose/", timelines.compose, name="compose"),
    path("timeline/<slug:kind>/<uuid:key>/follow/", timelines.follow, name="follow"),
    path("<uuid:pk>/", cards.card, name="card"),
    path("<uuid:pk>/edit/", cards.edit, name="edit"),
    path("<uuid:pk>/comment/", cards.comment, name="comment"),
    path("<uuid:pk>/done/", acting.complete, name="done"),
    path("<uuid:pk>/reopen/", acting.reopen, name="reopen"),
    path("<uuid:pk>/accept/", acting.accept, name="accept"),
    path("<uuid:pk>/decline/", acting.decline, name="decline"),
    path("<uuid:pk>/reschedule/", acting.reschedule, name="reschedule"),
    path("<uuid:pk>/trash/", acting.throw_away, name="trash"),
]
