"""Products, the variants that are counted, and their prices."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from omni.lib.reference import bumps_reference


class VatClass(models.TextChoices):
    """What decides the rate; the rate itself depends on territory and date (`orders.pricing.VatRate`)."""

    STANDARD = "standard", _("Standard")
    INTERMEDIATE = "intermediate", _("Intermediate")
    REDUCED = "reduced", _("Reduced")
    SUPER_REDUCED = "super_reduced", _("Super-reduced")
    ZERO = "zero", _("Exempt")


class SearchedWords(Func):
    """The words under which a product is looked for, lower case without accents, also those of `T-shirt` written as
    one. Immutable, so indexed."""

    template = "array_to_tsvector(omni_words(%(expressions)s))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def collects_words(name: str, operation: Any) -> pgtrigger.Trigger:
    """Return the statement trigger that adds the words of written products to `ProductWord`."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
            INSERT INTO catalog_productword (word)
            SELECT DISTINCT part FROM written,
                unnest(omni_words(name || ' ' || brand || ' ' || replace(name, '-', ''))) AS part
            ORDER BY part ON CONFLICT DO NOTHING;
            RETURN NULL;
        """,
    )


class Product(models.Model):
    """What a customer would call one thing; its variants are what is counted.

    `picture` is what lists show: the name of a drawing and, behind a `/`, the token of the first photo if there is one.
    Lists so need neither join nor statement for it; `services.photographing` keeps it, the audit adds it up.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    department = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=80, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    picture = models.CharField(max_length=60, default="general")
    vat_class = models.CharField(max_length=20, choices=VatClass.choices, default=VatClass.STANDARD)
    derived = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            GinIndex(
                SearchedWords(F("name"), F("brand"), Replace(F("name"), Value("-"))),
                name="product_name_search",
                fastupdate=False,
            )
        ]
        triggers: ClassVar[list[Any]] = [
            bumps_reference(),
            collects_words("words_of_new_products", pgtrigger.Insert),
            collects_words("words_of_changed_products", pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.name


class ProductWord(models.Model):
    """A word that occurs in a product's name or brand, once: what is mistyped is looked up here. Collected by triggers
    of `Product`; a word that no product has any more does no harm."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="product_word_alike", fastupdate=False)
        ]

    def __str__(self) -> str:
        return self.word


def of_its_product() -> pgtrigger.Trigger:
    """Return the trigger that keeps an article from showing another product's photo."""
    return pgtrigger.Trigger(
        name="photo_of_its_product",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("photo_id", "product_id"),
        condition=pgtrigger.Q(new__photo__isnull=False),
        func="""
            IF NOT EXISTS (
                SELECT FROM catalog_productphoto photo
                WHERE photo.token = NEW.photo_id AND photo.product_id = NEW.product_id
            ) THEN
                RAISE EXCEPTION 'the photo is one of another product' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class AreTexts(Func):
    """Whether a JSON value is an object of which every value is a text that is not empty."""

    template = (
        "(jsonb_typeof(%(expressions)s) = 'object' AND NOT"
        ' jsonb_path_exists(%(expressions)s, \'$.* ? (@.type() != "string" || @ == "")\'))'
    )
    output_field = models.BooleanField()


class Variant(models.Model):
    """What is counted and sold: one sku, at most one GTIN. Quantities are whole units of `measure`.

    `attributes` tell the variants of a product apart, such as `{"Colour": "blue", "Size": "M"}`: texts under names.
    `photo` is the one of its product's photos that shows this very article.
    """

    class Measure(models.TextChoices):
        PIECE = "piece", _("piece")
        MILLIGALLON = "milligallon", _("thousandth of a gallon")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=40, unique=True)
    gtin = models.CharField(max_length=14, null=True, blank=True, unique=True)  # noqa: DJ001  (absent GTINs must not clash)
    label = models.CharField(max_length=80, blank=True)
    shelf = models.CharField(max_length=30, blank=True)
    measure = models.CharField(max_length=12, choices=Measure.choices, default=Measure.PIECE)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    attributes = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    photo = models.ForeignKey(
        "catalog.ProductPhoto", on_delete=models.SET_NULL, to_field="token", related_name="variants",
        null=True, blank=True, db_index=False,
    )  # fmt: skip

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(gtin=None) | Q(gtin__regex=r"^[0-9]{8,14}$"), name="variant_gtin_digits"
            ),
            models.CheckConstraint(condition=AreTexts(F("attributes")), name="variant_attributes_are_texts"),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference(), of_its_product()]

    def __str__(self) -> str:
        return self.sku

    @property
    def picture(self) -> str:
        """What shows this article: its own photo, else what shows its product."""
        drawing = self.product.picture.partition("/")[0]
        return f"{drawing}/{self.photo_id}" if self.photo_id else self.product.picture


@pghistory.track()
class Price(models.Model):
    """The price of one unit, tax included, in cents, from an instant on; an empty channel means every channel."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    channel = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    amount = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    derived = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["variant", "channel", "currency", "starts_at"], name="price_one_start_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="price_ends_after_start"
            ),
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]
