"""Files that bring the catalogue up to date: what stood in one, what is wrong with it, what it changed and how that is
taken back."""

import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.transitions import MovesStatus


@pghistory.track()
class CatalogueImport(MovesStatus):
    """One file: uploaded → checked (or refused, with its rows and reasons) → applied → undone, or abandoned.

    The file itself is not kept: its rows are, until it is applied or abandoned. `mapping` says what each column is
    (position → field). `new`, `changed`, `unchanged` and `wrong` count rows of the file.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        REFUSED = "refused", _("Refused")
        CHECKED = "checked", _("Checked")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        ABANDONED = "abandoned", _("Abandoned")

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.UPLOADED: {Status.CHECKED, Status.REFUSED, Status.ABANDONED},
        Status.REFUSED: {Status.CHECKED, Status.REFUSED, Status.ABANDONED},
        Status.CHECKED: {Status.CHECKED, Status.REFUSED, Status.APPLIED, Status.ABANDONED},
        Status.APPLIED: {Status.UNDONE},
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    lines_read = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    uploaded_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField(db_default=Now())
    applied_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(status__in=["applied", "undone"], applied_at__isnull=False, applied_by__isnull=False)
                | (~Q(status__in=["applied", "undone"]) & Q(applied_at=None, applied_by=None)),
                name="catalogue_import_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="undone", undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(status="undone") & Q(undone_at=None, undone_by=None)),
                name="catalogue_import_undone_by_somebody",
            ),
        ]


class ImportLine(models.Model):
    """A row of the file as it stands there. `row` counts as a spreadsheet does: the header is row 1."""

    owner = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    row = models.IntegerField()
    cells = ArrayField(models.TextField())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["owner", "row"], name="import_line_once_per_row")
        ]


class ImportRow(models.Model):
    """What a row says, read: fields of the product and of the variant that it names, and a price in cents.

    A field that a row leaves empty is not in `product` or `variant`: it stays as it is.
    """

    owner = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.IntegerField()
    code = models.TextField()
    sku = models.TextField()
    product = models.JSONField()
    variant = models.JSONField()
    amount = models.IntegerField(null=True)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=20, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["owner", "row"], name="import_row_read_once")
        ]


class ImportProblem(models.Model):
    """Why a row is refused: a code (`import_words`) and the value that stood there. Row 0 is the file itself."""

    owner = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="problems")
    row = models.IntegerField()
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    value = models.CharField(max_length=120, blank=True)


class ImportChange(models.Model):
    """One thing that a file changes: a product (`key` is its code), a variant or a price of one (`key` is the sku).

    `before` is None for what is new, else it holds the fields that differ, as `after` does.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        VARIANT = "variant", _("Article")
        PRICE = "price", _("Price")

    owner = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="changes", db_index=False)
    row = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["owner", "row", "kind"], name="import_change_once_per_row_and_kind")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["owner", "kind", "key"], name="import_change_of_a_thing"),
        ]
