"""What people change about themselves: password, language, how the screens look and sound."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omni.lib import reference
from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor, actor_of
from omni.staff.models import Preferences, User
from omni.staff.services import pins


@transaction.atomic
def choose_password(*, person: User, password: str, again: str) -> None:
    """Give the person a password of their own. Every other session of theirs ends, because it was begun with the old
    one; their PINs are taken away with it. Refuses a weak one, a repetition, and two that differ."""
    if password != again:
        raise BadRequest(_("The two passwords are not the same."))
    if check_password(password, person.password):
        raise BadRequest(_("Please choose a password that you did not have before."))
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise BadRequest(" ".join(problem.messages)) from None
    history.sign(actor_of(person))
    person.set_password(password)
    person.first_password_until = None
    person.save(update_fields=["password", "first_password_until"])
    pins.forget(person_id=person.pk)


def change_password(*, person: User, current: str, password: str, again: str) -> None:
    """Change one's password, knowing the one before."""
    if not check_password(current, person.password):
        raise BadRequest(_("This is not your present password."))
    choose_password(person=person, password=password, again=again)


def speak(*, actor: Actor, language: str) -> None:
    """Read in this language from now on, on every device."""
    with transaction.atomic():
        history.sign(actor)
        User.objects.filter(pk=actor.user_id).update(language=language)
    reference.forget()  # the next page already speaks it


def prefer(*, actor: Actor, theme: str, sounds: bool, shortcuts: bool) -> Preferences:
    """Keep how the person likes their screens."""
    values = {"theme": theme, "sounds": sounds, "shortcuts": shortcuts}
    kept, _made = Preferences.objects.update_or_create(person_id=actor.user_id, defaults=values)
    return kept
