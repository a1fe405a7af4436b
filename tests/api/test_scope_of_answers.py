"""What a key was told once it is not told for ever: the store decides, each time."""

import pytest

from omni.staff.models import StoreAccess
from omni.staff.permissions import INTEGRATOR
from omni.staff.services import keys
from orders.sales.models import Order
from tests import factories
from tests.callers import ApiClient
from tests.problems import assert_problem, codes, nothing_written


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
def test_a_client_that_lost_the_store_does_not_get_the_stored_answer(api, house, integrator, order_body):
    number = api.place(order_body(), key="k-1").json()["number"]
    StoreAccess.objects.filter(user=integrator, location=house.lille).delete()
    assert_problem(api.order(number), 404, "not_found")
    with nothing_written():
        assert_problem(api.place(order_body(), key="k-1"), 404, "not_found")


@pytest.mark.django_db
def test_a_reference_taken_in_a_store_of_others_is_refused_without_its_order(api, house, order_body):
    number = api.place(order_body(external_ref="WEB-1")).json()["number"]
    others = factories.PersonFactory(login="amiens", role="integrator", password=None, stores=[house.amiens])
    elsewhere = ApiClient(keys.issue(owner=others, name="Amiens", channel="web", scopes=INTEGRATOR)[1])
    body = order_body(external_ref="WEB-1", fulfilment={"kind": "pickup", "store": "amiens"})
    with nothing_written():
        answer = elsewhere.place(body)
        assert codes(assert_problem(answer, 409, "external_ref_taken")) == {"external_ref": "taken"}
    assert number not in answer.content.decode()
    assert Order.objects.count() == 1
