"""Light or dark: as the system has it until somebody chooses; each browser keeps its own choice, phones' links too."""

from __future__ import annotations

import pytest
from centre import Centre

from alerting.casefile import Role
from dashboard.headers import DARK_WHEN, LINK_POLICY, PHONE_STYLES
from dashboard.kept_files import STATIC
from tests.dashboard.visitor import Visitor, arrived

LINKED = f'<link rel="stylesheet" href="{STATIC}/dark.css" media="{{}}">'


@pytest.mark.parametrize("look", ["dark", "light", ""])
async def test_a_choice_is_kept_by_the_browser_and_taken_back(centre: Centre, look: str) -> None:
    browser = arrived(centre, "zuoxi9", Role.OPERATOR)
    assert LINKED.format(DARK_WHEN[""]) in await browser.go("/incidents")
    await browser.send("/look", look=look)
    assert browser.path == "/incidents"
    for path in ("/incidents", "/households"):
        page = await browser.go(path)
        assert ("dark.css" in page) == (look != "light")
        assert look == "light" or LINKED.format(DARK_WHEN[look]) in page
    other = arrived(centre, "zuoxi8", Role.OPERATOR)
    assert LINKED.format(DARK_WHEN[""]) in await other.go("/incidents")
    await browser.send("/look", look="")
    assert LINKED.format(DARK_WHEN[""]) in browser.page


async def test_somebody_not_signed_in_chooses_as_well_and_nothing_else_is_taken(centre: Centre) -> None:
    browser = Visitor(centre)
    await browser.go("/sign-in")
    await browser.send("/look", look="dark")
    assert LINKED.format("screen") in browser.page
    await browser.send("/look", look="neon")
    assert browser.status == 400


def test_of_the_styles_in_pages_behind_a_link_each_is_allowed_and_the_dark_one_is_the_same() -> None:
    assert len(set(PHONE_STYLES.values())) == LINK_POLICY.count("sha256-") == len(DARK_WHEN)
    assert all(style.count("  color-scheme: dark;") == 1 for style in PHONE_STYLES.values())
