"""The manager's list of promises in danger."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from omni.staff.access import requires
from orders.fulfilment import promise_screens


@requires("promises.watch")
@require_GET
def in_danger(request: Any) -> HttpResponse:
    """What will be ready too late, or is late already, in the reader's stores."""
    context = promise_screens.in_danger(request.actor, timezone.now())
    return render(request, "fulfilment/promises.html", context)
