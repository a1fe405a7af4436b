"""The page of components: every one in light and in dark, not in production."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

from tests.conftest import House


def test_it_is_not_in_production(house: House, agent_client: Client, settings: Any) -> None:
    assert agent_client.get("/ui/").status_code == 404
    assert agent_client.get("/ui/dialog/").status_code == 404
    settings.DEBUG = True
    assert agent_client.get("/ui/").status_code == 200


@pytest.mark.parametrize("density", ["touch", "cosy", "compact"])
def test_each_theme_and_density_has_every_component(
    house: House, agent_client: Client, settings: Any, density: str
) -> None:
    settings.DEMO = True
    page = agent_client.get(f"/ui/?density={density}").content.decode()
    assert f'data-theme="dark" data-density="{density}"' in page
    for name in (
        "button-primary", "button-danger", "field-error", "helptext", "stepper", "tile", "choice", "chip state-late",
        "filter-chip", "segmented", "table-cards", 'aria-sort="ascending"', "paging", "bulk-bar", "toast", "skeleton",
        "failed", "ticket", "note", "thread", "sparkline", "data-promise", "money", "strip-large", "pill",
    ):  # fmt: skip
        assert page.count(name) >= 2, name
    assert 'aria-describedby="id_light-postal_code_error"' in page.replace("light-customer", "")
    assert "disabled" in page


def test_a_dialog_has_an_address_of_its_own(house: House, agent_client: Client, settings: Any) -> None:
    settings.DEBUG = True
    fragment = agent_client.get("/ui/dialog/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Cancel K4-73?" in fragment
    assert "<html" in agent_client.get("/ui/dialog/").content.decode()


def drawn(values: list[float | None], target: float | None = None) -> str:
    template = Template("{% sparkline values 'kept' target %}")
    return template.render(Context({"values": values, "target": target}))


def test_a_sparkline_goes_from_its_least_to_its_greatest_value() -> None:
    assert 'points="4.0,36.0 80.0,4.0 156.0,20.0"' in drawn([10, 20, 15])
    assert 'y1="4.0" y2="4.0"' in drawn([10, 15], target=20)
    assert 'points="4.0,20.0 156.0,20.0"' in drawn([7, 7])


def test_a_gap_is_no_nought_and_one_value_is_no_line() -> None:
    assert 'points="4.0,36.0 156.0,4.0"' in drawn([10, None, 20])
    assert drawn([10]).strip() == ""
    assert drawn([]).strip() == ""
