"""Photographs of products: what is said of each, and the picture itself in the sizes in which it is shown."""

import secrets
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.catalog.models.articles import Product


def new_token() -> str:
    """Return 16 signs that nobody guesses: the address of a photo, which is never another's."""
    return secrets.token_urlsafe(12)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ProductPhoto(models.Model):
    """A photo of a product. Those of one product are numbered from 1 on without a gap; the first stands for it in
    lists (`Product.picture` names it).

    `alternative` says what it shows, for whoever cannot see it; empty means the name of the product. A photo is never
    changed: another picture has another token, so that what was fetched may be kept for ever.
    """

    token = models.CharField(max_length=16, unique=True, default=new_token)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="photos", db_index=False)
    position = models.PositiveSmallIntegerField()
    alternative = models.CharField(max_length=160, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["product", "position"],
                name="product_photo_once_per_position",
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="product_photo_counts_from_one"),
        ]


class IsBounded(Func):
    """Whether a picture has some bytes, and at most 4 MB."""

    template = "(octet_length(%(expressions)s) BETWEEN 1 AND 4194304)"
    output_field = models.BooleanField()


class PhotoContent(models.Model):
    """A photo in one size, as WebP and without anything that the camera said of place or person."""

    class Size(models.TextChoices):
        LARGE = "large", _("Large")
        SMALL = "small", _("Small")

    photo = models.ForeignKey(ProductPhoto, on_delete=models.CASCADE, related_name="contents", db_index=False)
    size = models.CharField(max_length=5, choices=Size.choices)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["photo", "size"], name="photo_content_once_per_size"),
            models.CheckConstraint(condition=IsBounded(F("content")), name="photo_content_of_a_bounded_size"),
        ]
