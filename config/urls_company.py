"""Addresses of a company: every room under its own prefix."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("counterparties/", include("apps.counterparties.urls")),
    path("catalog/", include("apps.catalog.urls")),
    path("stock/", include("apps.inventory.urls")),
    path("invoices/", include("apps.sales.urls")),
    path("organizations/", include("apps.finance.urls")),
    path("notifications/", include("apps.notifications.urls")),
    path("start/", include("apps.onboarding.urls")),
    path("", include("exchange.urls")),
    path("history/", include("apps.history.urls")),
    path("offices/", include("apps.offices.urls")),
    path("sync/v1/", include("replication.urls")),
    path("exchange/", include("apps.connections.urls")),
    path("deals/", include("apps.deals.urls")),
    path("activities/", include("apps.activities.urls")),
    path("company-register/", include("apps.registers.urls")),
    path("retention/", include("apps.retention.urls")),
    path("mail/", include("apps.mail.urls")),
    path("requests/", include("apps.service.urls")),
    path("imports/", include("apps.imports.urls")),
    path("duplicates/", include("apps.duplicates.urls")),
    path("customization/", include("apps.custom.urls")),
    path("forms/", include("apps.webforms.urls")),
    path("portal/", include("apps.portal.urls")),
    path("reports/", include("apps.reports.urls")),
    path("webhooks/", include("apps.webhooks.urls")),
    path("api/", include("apps.api.urls")),
]
handler400 = "apps.core.views_errors.bad_request"
handler403 = "apps.core.views_errors.forbidden"
handler404 = "apps.core.views_errors.not_found"
handler500 = "apps.core.views_errors.server_error"
