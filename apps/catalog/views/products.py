"""Screens of products: tree and list, card, form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import can, needs
from apps.catalog import selectors, services
from apps.catalog.forms import ProductForm
from apps.catalog.lists import ProductList
from apps.catalog.models import Product
from apps.core.lists import chosen_rows, show_list
from apps.core.objects import Refused
from apps.custom.forms import CustomInputs

KIND = "products"


@require_safe
@needs("products.view")
def product_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of groups and the products of one; ``?part=`` pieces alone."""
    screen = ProductList(request)
    if request.GET.get("part") == "tree":
        return render(request, "catalog/_tree.html", screen.beside())
    return show_list(request, screen, template="catalog/products.html", context=screen.beside())


@require_safe
@needs("products.view")
def product_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one product; ``?part=body`` without the shell."""
    try:
        card = selectors.product_card(product_id=pk, user=request.user)
    except Product.DoesNotExist as error:
        raise Http404(str(pk)) from error
    context = {
        "card": card,
        "product": card.product,
        "may_change": can(request.user, "products.change")
        and (card.product.node_id is None or bool(CustomInputs(KIND, by=request.user).rows)),
    }
    is_part = request.GET.get("part") == "body"
    return render(request, "catalog/_product.html" if is_part else "catalog/product.html", context)


@needs("products.create")
def product_new(request: HttpRequest) -> HttpResponse:
    """Create a product of the CRM's own."""
    data = request.POST if request.method == "POST" else None
    form = ProductForm(data, initial={"group": request.GET.get("group")})
    inputs = CustomInputs(KIND, data, by=request.user)
    if data is not None and form.is_valid() & inputs.is_valid():
        try:
            with transaction.atomic():
                product = services.create_product(values=form.values())
                inputs.keep(product, is_new=True)
            return redirect("catalog:product", product.pk)
        except Refused as refused:
            inputs.take(refused.errors)
    return _form(request, form, inputs, None)


@needs("products.change")
def product_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a product of the CRM's own; of one of 1C only the company's own fields."""
    product = Product.objects.filter(pk=pk).first()
    if product is None:
        raise Http404(str(pk))
    data = request.POST if request.method == "POST" else None
    inputs = CustomInputs(KIND, data, row=product, by=request.user)
    form = None
    if product.node_id is None:
        form = ProductForm(data, initial=ProductForm.initial_of(product))
    elif not inputs.rows:
        return _locked(request, product)
    if data is not None and inputs.is_valid() & (form is None or form.is_valid()):
        try:
            with transaction.atomic():
                if form is not None:
                    product = services.change_product(product_id=pk, values=form.values())
                inputs.keep(product, is_new=False)
            return redirect("catalog:product", pk)
        except services.ManagedIn1C:
            return _locked(request, product)
        except Refused as refused:
            inputs.take(refused.errors)
    return _form(request, form, inputs, product)


@require_POST
@needs("products.delete")
def product_archive(request: HttpRequest) -> HttpResponse:
    """Archive the products chosen in the list, or bring them back."""
    chosen = list(chosen_rows(ProductList(request)).values_list("pk", flat=True))
    back = request.POST.get("back") == "yes"
    try:
        count = services.archive_products(product_ids=chosen, is_archived=not back)
    except services.ManagedIn1C as refusal:
        messages.error(
            request,
            _("“%(name)s” is managed in 1C: archive it there. Nothing was changed.")
            % {"name": refusal.row},
        )
    else:
        text = (
            ngettext("%(count)d product is back.", "%(count)d products are back.", count)
            if back
            else ngettext("%(count)d product archived.", "%(count)d products archived.", count)
        )
        messages.success(request, text % {"count": count})
    return redirect("catalog:products")


def _form(
    request: HttpRequest, form: ProductForm | None, inputs: CustomInputs, product: Product | None
) -> HttpResponse:
    is_wrong = (form is not None and form.is_bound and bool(form.errors)) or bool(inputs.errors)
    context = {"form": form, "inputs": inputs, "product": product}
    return render(request, "catalog/product_form.html", context, status=422 if is_wrong else 200)


def _locked(request: HttpRequest, product: Product) -> HttpResponse:
    messages.error(
        request,
        _("“%(name)s” is managed in 1C: change it there, it comes here with the next exchange.")
        % {"name": product.name},
    )
    return redirect("catalog:product", product.pk)
