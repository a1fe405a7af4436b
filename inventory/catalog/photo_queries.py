"""Reading photos: those of a product, and one picture."""

from typing import Any

from django.urls import reverse

from inventory.catalog.models import PhotoContent, ProductPhoto


def photos_of(product_id: int, name: str) -> list[dict[str, Any]]:
    """Return a product's photos in their order, as pages show them; `name` is said where a photo says nothing. One
    statement."""
    found = ProductPhoto.objects.filter(product=product_id).order_by("position")
    return [shown(photo, name) for photo in found]


def shown(photo: ProductPhoto, name: str) -> dict[str, Any]:
    """Return a photo as pages show it."""
    return {
        "token": photo.token,
        "alternative": photo.alternative or name,
        "position": photo.position,
        "width": photo.width,
        "height": photo.height,
        **{f"{size}_url": reverse("photo", args=[photo.token, size]) for size in PhotoContent.Size.values},
    }


def content(token: str, size: str) -> bytes | None:
    """Return a picture, or None when there is none of that name. One statement."""
    kept = PhotoContent.objects.filter(photo__token=token, size=size).values_list("content", flat=True).first()
    return None if kept is None else bytes(kept)
