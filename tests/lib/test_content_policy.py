"""Every answer carries the house's content policy, pages and API alike."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from omni.lib.content_policy import HEADER, ContentPolicyMiddleware

POLICY = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/today/", "/nothing-here/", "/api/v1/nothing/", "/api/v1/orders/"])
def test_every_answer_carries_the_policy(path):
    assert set(Client().get(path)[HEADER].split("; ")) == POLICY


def test_a_policy_of_its_own_stays():
    own = HttpResponse(headers={HEADER: "default-src 'self'"})
    assert ContentPolicyMiddleware(lambda request: own)(RequestFactory().get("/"))[HEADER] == "default-src 'self'"


def test_a_debug_page_keeps_its_styles(settings):
    settings.DEBUG = True
    fault = ContentPolicyMiddleware(lambda request: HttpResponse(status=500))(RequestFactory().get("/"))
    assert HEADER not in fault
