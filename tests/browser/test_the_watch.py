"""The watch that every browser test stands on notices what it is there for."""

import pytest
from screens import Screens

MISDEEDS = {
    "an error that nobody catches": ("setTimeout(() => { throw new Error('loose') })", "not caught: loose"),
    "an error in the page's own words": ("console.error('I am broken')", "said: I am broken"),
    "a script that the policy forbids": (
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'let a = 1'}))",
        "Content Security Policy",
    ),
    "a request to another host": ("new Image().src = 'http://127.0.0.2:9/elsewhere.png'", "left the origin"),
    "a file that is not there": ("fetch('/static/nothing.js')", "404"),
}


@pytest.mark.parametrize("misdeed", MISDEEDS)
async def test_the_watch_notices(watched: Screens, misdeed: str) -> None:
    script, complaint = MISDEEDS[misdeed]
    page = await watched.visit("/sign-in")
    assert await watched.unexpected() == []
    await page.evaluate(f"() => {{ {script} }}")
    await watched.centre.until(lambda: watched.complaints, "a complaint")
    assert complaint in " ".join(await watched.unexpected())
