"""The watch that every browser test stands on notices what it is there for."""

from screens import Screens

MISDEEDS = {
    "setTimeout(() => { throw new Error('loose') })": "not caught: loose",
    "console.error('I am broken')": "said: I am broken",
    "document.body.append(Object.assign(document.createElement('script'), {textContent: 'let a = 1'}))": (
        "Content Security Policy"
    ),
    "new Image().src = 'http://127.0.0.2:9/elsewhere.png'": "left the origin: http://127.0.0.2:9/elsewhere.png",
    "fetch('/static/nothing.js')": "404",
}


async def test_the_watch_notices_every_misdeed(watched: Screens) -> None:
    page = await watched.visit("/sign-in")
    for script, complaint in MISDEEDS.items():
        assert await watched.unexpected() == []
        await page.evaluate(f"() => {{ {script} }}")
        await watched.centre.until(lambda: watched.complaints, complaint)
        assert complaint in " ".join(await watched.unexpected())
        await page.wait_for_load_state("networkidle")
        watched.complaints.clear()


async def test_what_a_test_provokes_itself_is_forgiven_and_nothing_else(watched: Screens) -> None:
    watched.expects("404")
    page = await watched.visit("/sign-in")
    await page.evaluate("() => { fetch('/static/nothing.js'); console.error('I am broken') }")
    await watched.centre.until(lambda: len(watched.complaints) > 1, "both complaints")
    assert [text.split(" (")[0] for text in await watched.unexpected()] == ["said: I am broken"]
