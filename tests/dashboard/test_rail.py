"""The rail beside every page: where one is, and a sign of its own for each page."""

from __future__ import annotations

import pytest

from alerting.casefile import Account, Role
from dashboard.rail import place_of, places, signs
from dashboard.site import PAGES


def account(role: Role) -> Account:
    return Account(login="x", name="x", role=role, password_hash="")


@pytest.mark.parametrize("role", Role)
def test_each_page_has_a_sign_of_its_own_that_is_in_the_sprite(role: Role) -> None:
    rail = places(account(role), PAGES)
    icons = [it.icon for it in rail]
    assert set(icons) <= signs()
    assert len(set(icons)) == len(icons), "two pages have the same sign"


def test_supervisor_and_administrator_reach_the_budget_and_operators_the_unregistered_devices() -> None:
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        assert "/budget" in {it.address for it in places(account(role), PAGES)}
    assert "/strangers" in {it.address for it in places(account(Role.OPERATOR), PAGES)}
    assert "/budget" not in {it.address for it in places(account(Role.OPERATOR), PAGES)}


def test_an_open_incident_belongs_to_the_console_and_a_closed_one_to_the_closed() -> None:
    operator, supervisor = places(account(Role.OPERATOR), PAGES), places(account(Role.SUPERVISOR), PAGES)
    assert place_of("/incidents/WX1-1", operator, is_running=True) == "/"
    assert place_of("/incidents/WX1-1", supervisor, is_running=True) == "/overview"
    assert place_of("/incidents/WX1-1", operator) == "/incidents"
    assert place_of("/households/WX1", operator) == "/households"
    assert place_of("/", operator) == "/"
    assert place_of("/nowhere", operator) == ""
