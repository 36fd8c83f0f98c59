"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.deals.views import board, cards, editor, quotations, reports, settings

app_name = "deals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.board, name="board"),
    path("start/", board.start, name="start"),
    path("look/", board.look, name="look"),
    path("list/", cards.deal_list, name="list"),
    path("bulk/", cards.bulk, name="bulk"),
    path("new/", editor.new, name="new"),
    path("totals/", editor.totals, name="totals"),
    path("products/", editor.products, name="products"),
    path("customers/", editor.customers, name="customers"),
    path("funnel/", reports.funnel, name="funnel"),
    path("funnel/forecast/", reports.forecast, name="forecast"),
    path("funnel/losses/", reports.losses, name="losses"),
    path("funnel/again/", reports.again, name="again"),
    path("funnel/plan/", reports.plan, name="plan"),
    path("pipelines/", settings.overview, name="pipelines"),
    path("pipelines/new/", settings.new_pipeline, name="pipeline_new"),
    path("pipelines/reasons/", settings.reasons, name="reasons"),
    path("pipelines/rules/", settings.rules, name="rules"),
    path("pipelines/<uuid:pk>/", settings.edit_pipeline, name="pipeline"),
    path("pipelines/<uuid:pk>/stages/", settings.new_stage, name="stage_new"),
    path("pipelines/<uuid:pk>/order/", settings.order_stages, name="stage_order"),
    path("pipelines/stages/<uuid:pk>/", settings.edit_stage, name="stage"),
    path("quotations/", quotations.quotation_list, name="quotations"),
    path("quotations/<uuid:pk>/", quotations.quotation_card, name="quotation"),
    path("quotations/<uuid:pk>/edit/", quotations.edit, name="quotation_edit"),
    path("quotations/<uuid:pk>/decide/", quotations.decide, name="quotation_decide"),
    path("quotations/<uuid:pk>/send/", quotations.send, name="quotation_send"),
    path("quotations/<uuid:pk>/sent/", quotations.mark_sent, name="quotation_sent"),
    path("quotations/<uuid:pk>/accept/", quotations.accept, name="quotation_accept"),
    path("quotations/<uuid:pk>/decline/", quotations.decline, name="quotation_decline"),
    path("quotations/<uuid:pk>/invoice/", quotations.invoice, name="quotation_invoice"),
    path("quotations/<uuid:pk>/pdf/", quotations.pdf, name="quotation_pdf"),
    path("<uuid:pk>/", cards.deal_card, name="card"),
    path("<uuid:pk>/edit/", editor.edit, name="edit"),
    path("<uuid:pk>/move/", board.move, name="move"),
    path("<uuid:pk>/undo/", board.undo, name="undo"),
    path("<uuid:pk>/archive/", cards.archive, name="archive"),
    path("<uuid:pk>/participants/", cards.participant, name="participant"),
    path("<uuid:pk>/members/", cards.member, name="member"),
    path("<uuid:pk>/quote/", quotations.make, name="quote"),
    path("<uuid:pk>/invoice/", quotations.invoice_deal, name="invoice"),
]
