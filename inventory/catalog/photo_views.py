"""Photos of a product: add one, say what it shows, remove it; and the picture itself. Load, form, service, render."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.catalog import photo_files, photo_queries
from inventory.catalog.errors import PhotoRefused
from inventory.catalog.forms import DescriptionForm, PhotoForm
from inventory.catalog.models import PhotoContent, Product, ProductPhoto, Variant
from inventory.catalog.services import photographing
from omni.lib import content_policy, uploads
from omni.staff.access import requires, signed_in
from omni.staff.once import new_key, once

YEAR_SECONDS = 31_536_000


def product_of(code: str) -> Product:
    """Return the product, or 404."""
    found = Product.objects.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise Http404
    return found


def photo_of(code: str, token: str) -> ProductPhoto:
    """Return one of the product's photos with its product, or 404."""
    known = ProductPhoto.objects.select_related("product")
    found = known.filter(product__code=code, token=token).first() if "\x00" not in code + token else None
    if found is None:
        raise Http404
    return found


@requires("catalogue.manage")
@require_http_methods(["GET", "POST"])
def photos(request: Any, code: str) -> HttpResponseBase:
    """Add a photo. The product page posts here; what is refused is said on a page of its own."""
    product = product_of(code)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if getattr(request, uploads.TOO_LARGE, False):
        form.errors["file"] = form.error_class([_("The photo is larger than 15 MB.")])
    if request.method == "POST" and not form.errors and form.is_valid() and _added(request, product, form):
        messages.success(request, _("The photo was added."))
        return redirect("product", product.code)
    context = {"product": product, "form": form, "idempotency_key": new_key()}
    return render(request, "catalog/photo_new.html", context, status=422 if request.method == "POST" else 200)


def _added(request: Any, product: Product, form: PhotoForm) -> bool:
    given = form.cleaned_data
    try:
        picture = photo_files.read(given["file"].file)  # drawn before anything is locked
        once(
            request,
            lambda: photographing.add(
                actor=request.actor, product_id=product.pk, picture=picture, alternative=given["alternative"]
            ),
        )
    except PhotoRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


@requires("catalogue.manage")
@require_http_methods(["GET", "POST"])
def photo(request: Any, code: str, token: str) -> HttpResponseBase:
    """One photo: what it shows, its place, and the articles that it is a photo of."""
    found = photo_of(code, token)
    form = _description(request, found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        keys = {name: given[name] for name in ("alternative", "position")}
        try:
            once(
                request,
                lambda: photographing.describe(actor=request.actor, photo=found, skus=given["articles"], **keys),
            )
        except ProductPhoto.DoesNotExist:  # somebody removed it a moment ago
            raise Http404 from None
        messages.success(request, _("Saved."))
        return redirect("product", code)
    context = {
        "product": found.product,
        "photo": photo_queries.shown(found, found.product.name),
        "form": form,
        "idempotency_key": new_key(),
    }
    return render(request, "catalog/photo.html", context, status=422 if form.errors else 200)


def _description(request: Any, found: ProductPhoto) -> DescriptionForm:
    rows = list(Variant.objects.filter(product=found.product, withdrawn_at=None).order_by("sku"))
    was = {
        "alternative": found.alternative,
        "position": found.position,
        "articles": [one.sku for one in rows if one.photo_id == found.token],
    }
    articles = [(one.sku, f"{one.label} · {one.sku}" if one.label else one.sku) for one in rows]
    number = found.product.photos.count()
    return DescriptionForm(request.POST or None, initial=was, photos=number, articles=articles)


@requires("catalogue.manage")
@require_POST
def removal(request: Any, code: str, token: str) -> HttpResponseBase:
    """Remove a photo for good. One that is gone already is no mistake of whoever presses twice."""
    if "\x00" not in token and not ProductPhoto.objects.filter(token=token).exists():
        return redirect("product", code)
    found = photo_of(code, token)
    once(request, lambda: photographing.remove(actor=request.actor, photo=found))
    messages.success(request, _("The photo was removed."))
    return redirect("product", code)


@signed_in
@require_GET
def picture(request: Any, token: str, size: str) -> HttpResponse:
    """A picture, for whoever is signed in: a product looks the same to everybody. A token is never another picture's,
    so the browser may keep it for ever."""
    kept = photo_queries.content(token, size) if size in PhotoContent.Size.values and "\x00" not in token else None
    if kept is None:
        raise Http404
    answer = HttpResponse(kept, content_type="image/webp")
    answer["Cache-Control"] = f"private, max-age={YEAR_SECONDS}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer[content_policy.HEADER] = "default-src 'none'; sandbox"
    return answer
