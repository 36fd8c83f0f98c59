"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.sales.views import editor, invoices, payments, sending, terms, till

app_name = "sales"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", invoices.invoice_list, name="list"),
    path("new/", editor.new, name="new"),
    path("totals/", editor.totals, name="totals"),
    path("products/", editor.products, name="products"),
    path("customers/", editor.customers, name="customers"),
    path("till/", till.till, name="till"),
    path("bulk/", invoices.bulk, name="bulk"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/<uuid:pk>/", payments.payment_card, name="payment"),
    path("payments/<uuid:pk>/assign/", payments.assign, name="assign_payment"),
    path("terms/<uuid:pk>/", terms.terms, name="terms"),
    path("<uuid:pk>/", invoices.invoice_card, name="card"),
    path("<uuid:pk>/edit/", editor.edit, name="edit"),
    path("<uuid:pk>/issue/", invoices.issue, name="issue"),
    path("<uuid:pk>/send/", sending.send, name="send"),
    path("<uuid:pk>/sent/", invoices.mark_as_sent, name="mark_sent"),
    path("<uuid:pk>/cancel/", invoices.cancel, name="cancel"),
    path("<uuid:pk>/copy/", invoices.copy, name="copy"),
    path("<uuid:pk>/pdf/", invoices.pdf, name="pdf"),
    path("<uuid:pk>/conflicts/<uuid:conflict>/", invoices.decide, name="decide"),
]
