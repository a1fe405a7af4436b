"""People, roles, keys of integrators, and the answers those keys were given."""

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.idempotency import AnsweredRequestBase
from omni.lib.reference import bumps_reference


@pghistory.track()
class Role(models.Model):
    """What a kind of person may do: permission codes, and the page that `/` opens for them."""

    class Home(models.TextChoices):
        TODAY = "today", _("Today")
        SEARCH = "search", _("Customers")
        DAY = "day", _("Day")
        OUTBOX = "outbox", _("Messages")
        MORE = "more", _("Administration")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    home = models.CharField(max_length=20, choices=Home.choices, default=Home.TODAY)

    class Meta:
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """People are made by `omni.staff.services`; this only finds them at sign-in."""


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person, or the holder of an integrator's keys. Sees the stores of `stores`, may do what the role says."""

    login = models.CharField(_("login"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(max_length=5, default="fr")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="people")
    stores = models.ManyToManyField("places.Location", related_name="people", blank=True, through="StoreAccess")
    is_active = models.BooleanField(default=True)
    # Set while the password is the one that an administrator saw; it opens nothing but the page to choose one's own.
    first_password_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        # Not last_login: a sign-in must not make every process forget its prices.
        triggers: ClassVar[list[Any]] = [bumps_reference("name", "language", "role_id", "is_active")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class StoreAccess(models.Model):
    """A person may see and serve a store."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    location = models.ForeignKey("places.Location", on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "location"], name="staff_store_access_once")
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]


class Channel(models.TextChoices):
    """Where a customer meets the house."""

    STORE = "store", _("Store")
    WEB = "web", _("Web shop")
    APP = "app", _("App")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social")
    MARKETPLACE = "marketplace", _("Marketplace")
    KIOSK = "kiosk", _("Kiosk")


@pghistory.track(exclude=["secret_hash"])
class ApiKey(models.Model):
    """An integrator's key: shown once, stored as a SHA-256, limited to scopes and to its owner's stores, revocable."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=models.F("created_at")),
                name="api_key_expires_after_birth",
            )
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference()]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class AnsweredRequest(AnsweredRequestBase):
    """Answers given to requests that carried an idempotency key; `client` is `key:<id>` or `user:<id>`."""

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["client", "key"], name="answered_request_client_key_once")
        ]


class ReferenceVersion(models.Model):
    """One row: the transaction that last changed anything `omni.lib.reference` remembers."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.BigIntegerField()

    class Meta:
        db_table = "reference_version"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(condition=Q(id=1), name="reference_version_one_row")]


from omni.staff.sign_in_models import (  # noqa: E402  (Django finds the tables of an app in its models module)
    AtWork,
    Device,
    DeviceCode,
    Draft,
    Pin,
    Preferences,
    RecoveryCode,
    SecondFactor,
    Tries,
)

__all__ = [
    "AnsweredRequest",
    "ApiKey",
    "AtWork",
    "Channel",
    "Device",
    "DeviceCode",
    "Draft",
    "Pin",
    "Preferences",
    "RecoveryCode",
    "ReferenceVersion",
    "Role",
    "SecondFactor",
    "StoreAccess",
    "Tries",
    "User",
    "UserManager",
]


from omni.staff.list_models import BulkItem, BulkRun, ChosenColumns, Export, SavedView  # noqa: E402, F401  (tables of this app)
