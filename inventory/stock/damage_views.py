"""Pieces that are there and not for sale: set aside with a reason, and back on sale."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.catalog.models import Variant
from inventory.places.queries import place
from inventory.stock.forms import DamageForm, PiecesForm, sentence
from inventory.stock.models import StockLevel
from inventory.stock.reasons import DamageReason
from inventory.stock.services import damaging
from inventory.stock.views import address_of
from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.once import new_key, once
from omni.staff.stores import current_store_id

ICONS = {
    DamageReason.DAMAGED: "warning",
    DamageReason.CAME_DAMAGED: "truck",
    DamageReason.DISPLAY_WORN: "shelf",
    DamageReason.INCOMPLETE: "package-x",
    DamageReason.EXPIRED: "clock",
    DamageReason.OTHER: "pencil",
}


@requires("stock.damage")
@require_http_methods(["GET", "POST"])
def damage(request: Any, sku: str) -> HttpResponseBase:
    """Why pieces are not for sale, and how many; POST sets them aside in the store one works in."""
    variant, store_id = _article(sku), current_store_id(request)
    if request.method == "GET":
        return _page(request, store_id, variant)
    form = DamageForm(request.POST)
    if not form.is_valid():
        return _page(request, store_id, variant, problem=sentence(form))
    quantity, reason = form.cleaned_data["quantity"], form.cleaned_data["reason"]
    try:
        once(
            request,
            lambda: damaging.set_aside(
                location_id=store_id,
                variant_id=variant.pk,
                quantity=quantity,
                reason=reason,
                actor_id=request.actor.user_id,
                reference=f"damage:{uuid.uuid4()}",
            ),
        )
    except Refusal as refusal:
        return _page(request, store_id, variant, problem=str(refusal))
    messages.success(request, _("Set aside, not for sale."))
    return redirect(address_of(variant.sku))


@requires("stock.damage")
@require_POST
def repair(request: Any, sku: str) -> HttpResponseBase:
    """Pieces that were set aside in the store one works in go back on sale."""
    variant, store_id = _article(sku), current_store_id(request)
    form = PiecesForm(request.POST)
    if not form.is_valid():
        return _page(request, store_id, variant, problem=sentence(form))
    quantity = form.cleaned_data["quantity"]
    try:
        once(
            request,
            lambda: damaging.repair(
                location_id=store_id,
                variant_id=variant.pk,
                quantity=quantity,
                actor_id=request.actor.user_id,
                reference=f"repair:{uuid.uuid4()}",
            ),
        )
    except Refusal as refusal:
        return _page(request, store_id, variant, problem=str(refusal))
    messages.success(request, _("Back on sale."))
    return redirect(address_of(variant.sku))


def _article(sku: str) -> Variant:
    return get_object_or_404(Variant.objects.select_related("product"), sku=sku)


def _page(request: Any, store_id: int, variant: Variant, *, problem: str = "") -> HttpResponseBase:
    level = StockLevel.objects.filter(location=store_id, variant=variant).first()
    said = request.POST.get("reason", "")
    context = {
        "store": place(store_id),
        "back_url": address_of(variant.sku),
        "article": {
            "name": variant.product.name, "detail": variant.label, "gtin": variant.gtin or variant.sku,
            "picture": variant.picture, "shelf": variant.shelf,
        },
        "free": max(0, level.on_hand - level.damaged - level.reserved) if level else 0,
        "damaged": level.damaged if level else 0,
        "reasons": [
            {"value": value, "label": label, "icon": ICONS[DamageReason(value)], "selected": value == said}
            for value, label in DamageReason.choices
        ],
        "damage_url": reverse("stock-damage", args=[variant.sku]),
        "repair_url": reverse("stock-repair", args=[variant.sku]),
        "problem": problem,
        "idempotency_key": new_key(),
        "repair_key": new_key(),
    }  # fmt: skip
    return render(request, "stock/damage.html", context, status=422 if problem else 200)
