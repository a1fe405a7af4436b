"""A page to test a scanner: what its keys are, how fast they come, what layout it believes in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from omni.lib.content_policy import with_wasm
from omni.staff.access import signed_in


@signed_in
@require_GET
def scanner_test(request: Any) -> HttpResponse:
    """Show what the device sends. Nothing is looked up and nothing leaves the device."""
    # "#": the page hears the scanner and posts to nobody.
    return with_wasm(render(request, "desk/scanner_test.html", {"scan_url": "#"}))
