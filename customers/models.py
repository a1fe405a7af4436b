"""Customers, identities, addresses, messages. One person, however they come."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now, Reverse
from django.utils.translation import gettext_lazy as _


class NameWords(Func):
    """The words of a name, lower case without accents, as one looks for them. Immutable, so indexed."""

    template = "array_to_tsvector(omni_words(%(expressions)s))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def collects_words(name: str, operation: Any) -> pgtrigger.Trigger:
    """Return the statement trigger that adds the words of written names to `NameWord`, in alphabetical order."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
            INSERT INTO customers_nameword (word)
            SELECT DISTINCT part FROM written, unnest(omni_words(given_name || ' ' || family_name)) AS part
            ORDER BY part ON CONFLICT DO NOTHING;
            RETURN NULL;
        """,
    )


def new_code() -> str:
    """Return a public code of twelve characters; says nothing about the person."""
    return uuid.uuid4().hex[:12]


@pghistory.track()
class Customer(models.Model):
    """One person. `code` is what addresses and API show; names may be empty when only an identity is known."""

    code = models.CharField(max_length=12, unique=True, default=new_code)
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=5, default="fr")
    first_channel = models.CharField(max_length=20)
    home_store = models.ForeignKey(
        "places.Location", on_delete=models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    invented = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[Any]] = [
            GinIndex(NameWords(F("given_name"), F("family_name")), name="customer_name_search", fastupdate=False)
        ]
        triggers: ClassVar[list[Any]] = [
            collects_words("words_of_new_names", pgtrigger.Insert),
            collects_words("words_of_changed_names", pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The person's name as one writes it, or their code."""
        return f"{self.given_name} {self.family_name}".strip() or self.code


class NameWord(models.Model):
    """A word that occurs in somebody's name, once. A mistyped name is looked up here: a hundred thousand words, not a
    million names. Collected by triggers of `Customer`; a word that no name has any more does no harm."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="name_word_alike", fastupdate=False)
        ]

    def __str__(self) -> str:
        return self.word


@pghistory.track()
class Identity(models.Model):
    """Something that leads to a person: e-mail, phone (E.164), loyalty card, web account. One value, one person."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        CARD = "card", _("Loyalty card")
        WEB = "web", _("Web account")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kind", "value"], name="identity_leads_to_one_customer"),
            models.CheckConstraint(condition=~Q(value=""), name="identity_value_not_empty"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(OpClass(Reverse("value"), name="text_pattern_ops"), name="identity_by_last_digits"),
            models.Index(OpClass(Lower("value"), name="text_pattern_ops"), name="identity_by_beginning"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Address(models.Model):
    """Where a person lives or has things sent."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    line = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=12)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="FR")


class Message(models.Model):
    """Something we write to a customer. Holds the template and its facts, never a pickup code: that is made when it
    is sent. What is no longer true when its turn comes is dropped: it keeps why, and nobody sends it any more."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer needed")

    UNSENT: ClassVar[list[str]] = [Status.QUEUED, Status.FAILED]
    """What may still leave."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, default="email")
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    reference = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=80, default="", db_default="")
    dropped_because = models.CharField(max_length=20, default="", db_default="")
    next_attempt_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["reference", "channel"], name="message_once_per_cause"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at=None)),
                name="message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=(Q(status="dropped") & ~Q(dropped_because=""))
                | (~Q(status="dropped") & Q(dropped_because="")),
                name="message_dropped_says_why",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["next_attempt_at"], condition=Q(status="queued"), name="message_queued"),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]
