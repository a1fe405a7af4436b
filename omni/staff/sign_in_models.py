"""What the door needs: tablets and their codes, PINs, second factors, counted tries, drafts, preferences."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.lib.reference import bumps_reference

if TYPE_CHECKING:
    from omni.staff.access import Actor

PIN_TRIES = 5


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Devices of the actor's stores."""
        return self.filter(location__in=actor.store_ids)


@pghistory.track(exclude=["secret_hash", "last_used_at"])
class Device(models.Model):
    """A tablet of a store. Its secret lies in a cookie of the tablet; here is a SHA-256 of it."""

    location = models.ForeignKey("places.Location", on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="device_revoked_by_somebody",
            )
        ]
        triggers: ClassVar[list[Any]] = [bumps_reference("location_id", "name", "secret_hash", "revoked_at")]

    def __str__(self) -> str:
        return self.name


class AtWork(models.Model):
    """A person was at work on a tablet of a store, lately. It tells the promise clock how many people prepare, and is
    deleted after a day: it is no time sheet."""

    person = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey("places.Location", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "location"], name="at_work_once_per_person_and_store")
        ]


class DeviceCode(models.Model):
    """A manager's code that makes one tablet a device of a store: a keyed hash, ten minutes, once."""

    location = models.ForeignKey("places.Location", on_delete=models.CASCADE, related_name="+")
    device_name = models.CharField(max_length=60)
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    device = models.OneToOneField(Device, on_delete=models.CASCADE, null=True, blank=True, related_name="code")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="device_code_expires_after_birth")
        ]


class Pin(models.Model):
    """A person's six digits on one tablet, hashed together with the tablet's secret: useless anywhere else."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pins")
    person = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="pins")
    pin_hash = models.CharField(max_length=255)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["device", "person"], name="pin_once_per_device_and_person"),
            models.CheckConstraint(condition=Q(wrong_tries__lte=PIN_TRIES), name="pin_tries_have_an_end"),
        ]


class SecondFactor(models.Model):
    """The key of a person's authenticator app, sealed; `last_step` is the last half-minute whose code was used."""

    person = models.OneToOneField("staff.User", on_delete=models.CASCADE, related_name="second_factor")
    sealed_key = models.TextField()
    last_step = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(db_default=Now())


class RecoveryCode(models.Model):
    """A code for the day the phone is gone: a keyed hash, once."""

    person = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "code_hash"], name="recovery_code_once_per_person")
        ]


class Tries(models.Model):
    """How often `whom` (a keyed hash) guessed `what` since `began_at`."""

    what = models.CharField(max_length=40)
    whom = models.CharField(max_length=64)
    tries = models.PositiveIntegerField()
    began_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["what", "whom"], name="staff_tries_counted_once")
        ]


class Draft(models.Model):
    """A half-filled form of one person, until it is sent or the day is over."""

    person = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="drafts")
    address = models.CharField(max_length=200)
    page = models.CharField(max_length=200)
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "address"], name="draft_once_per_person_and_address")
        ]


class Preferences(models.Model):
    """How a person likes their screens. Whoever never said has none."""

    class Theme(models.TextChoices):
        DEVICE = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    person = models.OneToOneField("staff.User", on_delete=models.CASCADE, related_name="preferences")
    theme = models.CharField(max_length=5, choices=Theme.choices, default="", blank=True)
    sounds = models.BooleanField(_("Sounds when scanning"), default=True)
    shortcuts = models.BooleanField(_("Single-letter keyboard shortcuts"), default=True)
