"""The tablets of a manager's stores: who enrolled them, when they were used; a code for a new one, an end for old."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from omni.staff.access import requires
from omni.staff.forms import DeviceCodeForm
from omni.staff.models import Device
from omni.staff.services import devices as device_services
from omni.staff.stepping_up import requires_fresh


@requires("devices.manage")
@require_GET
def devices(request: Any) -> HttpResponse:
    """Every tablet of one's stores, those in use first."""
    return _page(request, DeviceCodeForm(request.actor))


def _page(request: Any, form: DeviceCodeForm, *, code: str = "", status: int = 200) -> HttpResponse:
    found = Device.objects.visible_to(request.actor).select_related("location", "enrolled_by", "revoked_by")
    rows = list(found.prefetch_related("pins__person").order_by("location__name", "name", "pk"))
    context = {
        "form": form,
        "code": code,
        "in_use": [one for one in rows if one.revoked_at is None],
        "revoked": [one for one in rows if one.revoked_at is not None],
        "here": request.device,
    }
    return render(request, "staff/devices.html", context, status=status)


@requires("devices.manage")
@requires_fresh
@require_POST
def device_code(request: Any) -> HttpResponseBase:
    """Make a code for one tablet; it is shown on this one page."""
    form = DeviceCodeForm(request.actor, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    _made, text = device_services.make_code(
        actor=request.actor,
        location_id=form.cleaned_data["store"],
        device_name=form.cleaned_data["name"],
    )
    return _page(request, DeviceCodeForm(request.actor), code=text)


@requires("devices.manage")
@requires_fresh
@require_POST
def device_revocation(request: Any, pk: int) -> HttpResponseBase:
    """Take a tablet out of use, at once and for ever."""
    device: Device = get_object_or_404(Device.objects.visible_to(request.actor), pk=pk)
    if device.revoked_at:
        raise Http404
    device_services.revoke(actor=request.actor, device_id=device.pk)
    messages.success(request, _("%(device)s is revoked: nobody signs in on it any more.") % {"device": device.name})
    return redirect("devices")
