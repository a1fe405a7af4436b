"""Views of lists: kept, renamed, shared, put away. One's own; a shared one also by who may change what others share."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest, Refusal
from omni.lib.lists import LONGEST_QUERY
from omni.lib.retry import constraint_name
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.list_models import ChosenColumns, SavedView
from omni.staff.models import Role

MOST_VIEWS = 40
NAME_ONCE = "saved_view_name_once_per_person"
ALONE, TEAM = "me", "team"


class NameTaken(Refusal):
    """The person has a view of this list under that name."""

    code = "view_name_taken"
    status = 422


class TooManyViews(Refusal):
    code = "too_many_views"
    status = 422


def may_change(view: SavedView, actor: Actor) -> bool:
    """Whether the actor may rename, share or put away the view: its maker, or, once it is shared, `views.share`."""
    return view.owner_id == actor.user_id or (view.is_shared and actor.may("views.share"))


def save(*, listing: str, name: str, query: str, columns: Sequence[str] | None, share: str, actor: Actor) -> SavedView:
    """Keep what is asked of a list under a name. `share` is "me", "team", or the id of one of the actor's stores."""
    _refuse_nonsense(name, query)
    if SavedView.objects.filter(owner=actor.user_id, listing=listing).count() >= MOST_VIEWS:
        raise TooManyViews(_("You have %(number)s views of this list. Put one away first.") % {"number": MOST_VIEWS})
    view = SavedView(
        listing=listing,
        name=name,
        owner_id=actor.user_id,
        query=query,
        columns=list(columns) if columns is not None else None,
    )
    _share(view, share, actor)
    _write(view, actor)
    return view


def change(*, view: SavedView, name: str, share: str, actor: Actor, query: str | None = None) -> SavedView:
    """Rename a view, share it otherwise, and, where `query` is given, let it ask that from now on."""
    if not may_change(view, actor):
        raise PermissionDenied
    _refuse_nonsense(name, query or "")
    view.name = name
    if share != now_shared_with(view):
        _share(view, share, actor)
    if query is not None:
        view.query = query
    _write(view, actor)
    return view


@transaction.atomic
def put_away(*, view: SavedView, actor: Actor) -> None:
    """Delete a view, for everybody who saw it."""
    if not may_change(view, actor):
        raise PermissionDenied
    history.sign(actor)
    SavedView.objects.filter(pk=view.pk).delete()


@transaction.atomic
def choose_columns(*, listing: str, view: SavedView | None, columns: Sequence[str] | None, actor: Actor) -> None:
    """Show these columns from now on: in the view for everybody when it is one's own, else for oneself alone.

    None goes back to what the list shows by itself.
    """
    if view is not None and view.owner_id == actor.user_id:
        SavedView.objects.filter(pk=view.pk).update(columns=list(columns) if columns is not None else None)
        return
    own = ChosenColumns.objects.filter(owner=actor.user_id, listing=listing, view=view)
    if columns is None:
        own.delete()
        return
    ChosenColumns.objects.bulk_create(
        [ChosenColumns(owner_id=actor.user_id, listing=listing, view=view, columns=list(columns))],
        update_conflicts=True,
        unique_fields=["owner", "listing", "view"],
        update_fields=["columns"],
    )


def now_shared_with(view: SavedView) -> str:
    """Return with whom a view is shared, as the form says it."""
    if view.role_id is not None:
        return TEAM
    return str(view.location_id) if view.location_id is not None else ALONE


def _share(view: SavedView, share: str, actor: Actor) -> None:
    view.role, view.location_id = None, None
    if share == TEAM:
        view.role = Role.objects.get(code=actor.role)
    elif share != ALONE:
        if not share.isascii() or not share.isdigit() or int(share) not in actor.store_ids:
            raise BadRequest(_("A view can be shared with your team or with one of your stores."))
        view.location_id = int(share)


def _refuse_nonsense(name: str, query: str) -> None:
    if not name or len(name) > 60 or not name.isprintable():
        raise BadRequest(_("Give the view a name of 1 to 60 letters."))
    if len(query) > LONGEST_QUERY:
        raise BadRequest(_("This view asks for too much at once."))


def _write(view: SavedView, actor: Actor) -> None:
    try:
        with transaction.atomic():
            history.sign(actor)
            view.save()
    except IntegrityError as error:
        if constraint_name(error) != NAME_ONCE:
            raise
        raise NameTaken(_("You already have a view with this name.")) from error
