"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.counterparties import views, views_more, views_people, views_quick, views_register

app_name = "counterparties"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.counterparty_list, name="list"),
    path("new/", views.counterparty_new, name="new"),
    path("quick/", views_quick.quick, name="quick"),
    path("like/", views_quick.like, name="like"),
    path("sources/", views_quick.sources, name="sources"),
    path("pick/", views_quick.pick, name="pick"),
    path("check/", views.check, name="check"),
    path("register/", views_register.ask_new, name="register_new"),
    path("register/many/", views_register.ask_many, name="register_many"),
    path("<uuid:pk>/register/", views_register.ask, name="register"),
    path("<uuid:pk>/register/take/", views_register.take, name="register_take"),
    path("archive/", views.archive, name="archive"),
    path("hand-over/", views.hand_over, name="hand_over"),
    path("hand-over/all/", views_more.hand_over_all, name="hand_over_all"),
    path("hand-over/<uuid:pk>/undo/", views_more.hand_over_undo, name="hand_over_undo"),
    path("people/", views_people.person_list, name="people"),
    path("people/new/", views_people.person_new, name="person_new"),
    path("people/archive/", views_people.person_archive, name="people_archive"),
    path("people/<uuid:pk>/", views_people.person_card, name="person"),
    path("people/<uuid:pk>/edit/", views_people.person_edit, name="person_edit"),
    path("unsorted/", views_more.inbox, name="inbox"),
    path("leads/move/", views_more.lead_bulk, name="lead_bulk"),
    path("leads/undo/", views_more.lead_undo, name="lead_undo"),
    path("files/<uuid:pk>/", views_more.file_get, name="file"),
    path("files/<uuid:pk>/archive/", views_more.file_archive, name="file_archive"),
    path("files/<slug:kind>/<uuid:key>/", views_more.file_add, name="file_add"),
    path("consents/<uuid:pk>/withdraw/", views_more.consent_withdraw, name="consent_withdraw"),
    path("personal/<slug:kind>/<uuid:key>/", views_more.personal_data, name="personal_data"),
    path("personal/<slug:kind>/<uuid:key>/consent/", views_more.consent_add, name="consent_add"),
    path("personal/<slug:kind>/<uuid:key>/erase/", views_more.erase, name="erase"),
    path("<uuid:pk>/", views.counterparty_card, name="card"),
    path("<uuid:pk>/edit/", views.counterparty_edit, name="edit"),
    path("<uuid:pk>/lead/", views_more.lead, name="lead"),
    path("<uuid:pk>/group/", views_more.group, name="group"),
]
