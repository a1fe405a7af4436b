"""Somebody lost their phone: an administrator takes their second factor away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.administration import queries
from omni.staff.models import User
from omni.staff.services import factors
from omni.staff.stepping_up import requires_fresh


@requires("people.manage")
@requires_fresh
@require_POST
def factor_reset(request: Any, pk: int) -> HttpResponseBase:
    """Take a person's authenticator app and recovery codes away; their sessions and password stay."""
    person: User = get_object_or_404(queries.people_visible_to(request.actor), pk=pk)
    try:
        factors.reset(actor=request.actor, person=person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The second factor of %(name)s is reset.") % {"name": person.name})
    return redirect("person", pk)
