"""How soon a press stands on a desk that somebody looks at: ``python -m tests.browser.quick_desk``.

Real Chromium, two desks side by side, while 200 more consoles follow and 3,000 homes are registered. A press: from its
publish to the drawing of the frame that shows its row. And how soon the desk itself: usable is when its queue stands
and it follows, which is after its keys answer; cold is a fresh profile, warm the same page opened again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright  # noqa: E402 - see above

from gateway.clock import SystemClock  # noqa: E402
from nuanhu.bench.audience import Audience  # noqa: E402
from nuanhu.bench.panic import MAKES, PRESSING, quantile  # noqa: E402
from nuanhu.bench.stage import Stage, background, load_client, machine, stage  # noqa: E402

MAKE = "own"
PAUSE_S = 0.4
SHOWN_WITHIN_S = 20.0
SAMPLES = 40
SETTLES_S = 2.0

WATCHED = """() => {
  window.painted = {};
  const after = (done) => requestAnimationFrame(() => {
    const frame = new MessageChannel(); // told once the frame has been drawn
    frame.port1.onmessage = done;
    frame.port2.postMessage(0);
  });
  const look = () => {
    const rows = [...document.querySelectorAll("#queue a.row")].map((row) => row.dataset.incident);
    const fresh = rows.filter((it) => !(it in window.painted));
    for (const it of fresh) window.painted[it] = 0;
    if (fresh.length) after(() => {
      for (const it of fresh) window.painted[it] = performance.now();
      window.told?.();
    });
  };
  window.shown = (key) => new Promise((done) => {
    const ask = () => {
      const found = Object.entries(window.painted).find(([it, at]) => at && it.startsWith(`${key}-`));
      if (found) done([window.heard[key], found[1]]);
      else window.told = ask;
    };
    ask();
  });
  new MutationObserver(look).observe(document.getElementById("queue"), { childList: true, subtree: true });
  look();
}"""
HEARD = """
  window.heard = {};
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => {
        const now = performance.now(), row = JSON.parse(data).row;
        if (row) window.heard[row.key] ??= now;
      });
    }
  };"""
USABLE = """() => {
  const look = () => {
    const stands = document.querySelector("#queue a.row") && document.querySelector("#connection[data-state=live]");
    if (!stands) return requestAnimationFrame(look);
    requestAnimationFrame(() => { window.usableAt = performance.now(); });
  };
  look();
}"""


class Weighed:
    """What came over the wire: answers as the browser counts them, and what the socket said."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = self.answers = self.said = 0
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.webSocketFrameReceived", self._heard)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.answers += 1
        self.bytes += int(event["encodedDataLength"])

    def _heard(self, event: dict[str, Any]) -> None:
        self.said += len(event["response"]["payloadData"].encode())


async def _context(browser: Browser, it: Stage) -> BrowserContext:
    """A fresh profile of somebody who has signed in."""
    context = await browser.new_context(base_url=it.base, viewport={"width": 1440, "height": 900})
    pairs = [pair.split("=", 1) for pair in it.console.cookie_header().split("; ")]
    await context.add_cookies([{"name": name, "value": value, "url": it.base} for name, value in pairs])
    return context


async def _desk(context: BrowserContext) -> tuple[Page, dict[str, Any]]:
    """The desk, opened in this profile once more; what that took."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    weighed = Weighed(session)
    await page.add_init_script(f"document.addEventListener('DOMContentLoaded', {USABLE})")
    await page.goto("/", wait_until="networkidle")
    await page.wait_for_function("window.usableAt > 0")
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    return page, {
        "painted_ms": round(await page.evaluate(paint)),
        "usable_ms": round(await page.evaluate("window.usableAt")),
        "kb": round((weighed.bytes + weighed.said) / 1024, 1),
        "answers": weighed.answers,
    }


async def _offset_ms(page: Page, clock: SystemClock) -> tuple[float, float]:
    """What the page's clock is ahead of ours, and how wrong that may be: half of the quickest way there and back."""
    found = []
    for _ in range(SAMPLES):
        before = clock.monotonic_s() * 1000
        there = float(await page.evaluate("performance.now()"))
        after = clock.monotonic_s() * 1000
        found.append(((after - before) / 2, there - (before + after) / 2))
    wrong, ahead = min(found)
    return ahead, wrong


async def _presses(it: Stage, pages: list[Page], presses: int, clock: SystemClock) -> dict[str, Any]:
    """One press in each of so many homes; all times in milliseconds."""
    for page in pages:
        await page.evaluate(WATCHED)
    offsets = [await _offset_ms(page, clock) for page in pages]
    client = load_client(it.broker)
    homes = [home for home in it.plan.homes if home.make == MAKES[MAKE] and home.with_role("panic")][:presses]
    took: list[list[list[float]]] = []
    for n, home in enumerate(homes):
        fitted = home.with_role("panic")
        assert fitted is not None, "chosen so"
        topic, payload = PRESSING[MAKE](home, fitted, n)
        waiting = [asyncio.create_task(page.evaluate("key => window.shown(key)", home.household)) for page in pages]
        await asyncio.sleep(PAUSE_S)
        sent_ms = clock.monotonic_s() * 1000
        client.publish(topic, payload, qos=1)
        found = await asyncio.wait_for(asyncio.gather(*waiting), SHOWN_WITHIN_S)
        mine = [[at - ahead - sent_ms for at in times] for times, (ahead, _) in zip(found, offsets, strict=True)]
        took.append(mine)
    client.disconnect()
    client.loop_stop()
    heard, first = [mine[0][0] for mine in took], [mine[0][1] for mine in took]
    apart = [abs(mine[0][1] - mine[1][1]) for mine in took]
    return {
        "presses": len(first),
        "heard_p50_ms": quantile(heard, 0.5),
        "heard_p95_ms": quantile(heard, 0.95),
        "painted_p50_ms": quantile(first, 0.5),
        "painted_p95_ms": quantile(first, 0.95),
        "painted_max_ms": round(max(first), 1),
        "apart_p50_ms": quantile(apart, 0.5),
        "apart_max_ms": round(max(apart), 1),
        "clock_within_ms": round(max(wrong for _, wrong in offsets), 2),
    }


async def _loads(browser: Browser, it: Stage, loads: int) -> dict[str, Any]:
    """The desk opened cold and warm, so many times each; of the times the middle and the longest."""
    cold, warm = [], []
    for _ in range(loads):
        context = await _context(browser, it)
        for kept in (cold, warm):
            page, took = await _desk(context)
            kept.append(took)
            await page.close()
        await context.close()
    found: dict[str, Any] = {}
    for name, them in (("cold", cold), ("warm", warm)):
        for what in ("painted_ms", "usable_ms"):
            found[f"{name}_{what}"] = [quantile([took[what] for took in them], 0.5), max(took[what] for took in them)]
        found[f"{name}_kb"] = max(took["kb"] for took in them)
        found[f"{name}_answers"] = max(took["answers"] for took in them)
    return found


async def measured(consoles: int, households: int, presses: int, loads: int) -> dict[str, Any]:
    """All of it, in one run."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    async with stage(households) as it, async_playwright() as playwright:
        clock, stop = SystemClock(), asyncio.Event()
        audience = Audience(f"ws{it.base.removeprefix('http')}/ws", it.base, it.console.cookie_header(), consoles)
        await audience.open()
        other = load_client(it.broker)
        load = asyncio.create_task(background(other, it.plan, 50.0, clock, stop))
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            pages = []
            for _ in range(2):
                pages.append(await (await _context(browser, it)).new_page())
                await pages[-1].add_init_script(HEARD)
                await pages[-1].goto("/")
                await pages[-1].wait_for_selector("#connection[data-state=live]")
            await asyncio.sleep(SETTLES_S)
            shown = await _presses(it, pages, presses, clock)
            for page in pages:
                await page.context.close()
            opened = await _loads(browser, it, loads)
        finally:
            await browser.close()
            stop.set()
            await load
            other.disconnect()
            other.loop_stop()
            await audience.close()
    busy = {"load": os.getloadavg()[0], "machine": machine()}
    return {"consoles": consoles, "households": households, **shown, **opened, **busy}


def main() -> None:
    """Measure, and print it."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--consoles", type=int, default=200)
    wanted.add_argument("--households", type=int, default=3000)
    wanted.add_argument("--presses", type=int, default=30)
    wanted.add_argument("--loads", type=int, default=5)
    asked = wanted.parse_args()
    print(json.dumps(asyncio.run(measured(**vars(asked)))))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
