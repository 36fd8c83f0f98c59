"""Signing in and out, passwords, people."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path, re_path

from apps.accounts.views import modules, people, roles, security, teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", people.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("signup/", people.closed, name="account_signup"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("email/", allauth.email, name="account_email"),
    path("confirm-email/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$", allauth.confirm_email, name="account_confirm_email"
    ),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("two-steps/", include("allauth.mfa.urls")),
    path("arrive/", people.arrive, name="account_arrive"),
    path("profile/", people.profile, name="account_profile"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new/", roles.new, name="role_new"),
    path("roles/compare/", roles.compare, name="roles_compare"),
    path("roles/built-in/<slug:key>/", roles.built_in, name="role_built_in"),
    path("roles/<uuid:pk>/", roles.role, name="role"),
    path("roles/<uuid:pk>/remove/", roles.remove, name="role_remove"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.new, name="team_new"),
    path("teams/<uuid:pk>/", teams.team, name="team"),
    path("teams/<uuid:pk>/remove/", teams.remove, name="team_remove"),
    path("modules/", modules.modules, name="modules"),
    path("security/", security.log, name="security"),
    path("join/<str:token>/", people.join, name="people_join"),
]
