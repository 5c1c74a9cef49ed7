"""The limits that are chosen are those of least cost: the fast way and the plain one agree."""

from __future__ import annotations

from itertools import pairwise
from math import exp

import pytest

from alerting.silence import stopping
from alerting.silence.curve import LADDER
from alerting.silence.grid import GRID, passed
from alerting.silence.hulls import TAIL_FROM, Hulls
from alerting.silence.places import BRIEF
from alerting.silence.stopping import KERNEL, NEAR_ROWS, OWN_FROM, ROWS, SLOTS, Bounds, Priced, choose
from nuanhu.town.dice import dice_for

STEPS = [b - a for a, b in pairwise(GRID)]
CAPS = (39,) * SLOTS


def invented(seed: int, silences: int) -> tuple[list[float], list[list[float]]]:
    """A home: weights of its active windows by row, and of its silences, smoothed over the slots."""
    dice = dice_for(seed, "stopping")
    counts = [40 * dice.random() ** 4 if row < BRIEF * SLOTS or dice.random() < 0.5 else 0.0 for row in range(ROWS)]
    ended = [[0.0] * (len(GRID) + 1) for _ in range(ROWS)]
    for _ in range(silences):
        row, length = int(ROWS * dice.random() ** 2), 13 + int(150 * dice.random() ** 3)
        for k, near in zip(KERNEL, NEAR_ROWS[row], strict=True):
            ended[near][passed(length)] += k * dice.random()
    return counts, ended


def survival(longer: list[float], n: float) -> list[float]:
    """S at each point of the grid, with its exponential tail, said as plainly as can be."""
    few = max(next((j for j, weight in enumerate(longer) if weight < TAIL_FROM), len(GRID)) - 1, 0)
    waited = sum(weight * step for weight, step in zip(longer[few:], [*STEPS, 24][few:], strict=True))
    excess = max((waited + 36) / (longer[few] + 6), 1.0)
    return [
        longer[j] / n if j <= few else longer[few] / n * exp(-(GRID[j] - GRID[few]) / excess) for j in range(len(GRID))
    ]


def curves(counts: list[float], ended: list[list[float]]) -> list[list[float]]:
    """S of each row."""
    around = [sum(k * counts[near] for k, near in zip(KERNEL, NEAR_ROWS[row], strict=True)) for row in range(ROWS)]
    longer = [[sum(row[j + 1 :]) for j in range(len(GRID))] for row in ended]
    lend = min(0.15, 100 * KERNEL[2] / max(sum(around), 1.0))
    found = []
    for row, n in enumerate(around):
        slot = row % SLOTS
        pool = [sum(column) for column in zip(*longer[slot::SLOTS], strict=True)]
        pool_n = sum(around[slot::SLOTS])
        if n < OWN_FROM:
            found.append(survival(pool, max(pool_n, 1e-9)))
        else:
            share = lend if row < BRIEF * SLOTS else lend * 0.1
            mine = [a + share * b for a, b in zip(longer[row], pool, strict=True)]
            found.append(survival(mine, n + lend * pool_n))
    return found


@pytest.mark.parametrize(("seed", "silences"), [(1, 40), (2, 300), (3, 1500), (4, 6000), (5, 0)])
def test_each_limit_costs_least_at_the_price(seed: int, silences: int) -> None:
    counts, ended = invented(seed, silences)
    price = 3e-5
    waits = choose(counts, ended, 8.0, 0.0, CAPS, Bounds(price, price))
    for row, s in enumerate(curves(counts, ended)):
        costs = [price * GRID[j] + s[j] for j in range(CAPS[0])]
        chosen = waits.limits[row]
        assert costs[chosen] <= min(costs) * (1 + 1e-9), f"row {row}"
    weeks = [count / 8 for count in counts]
    expected = sum(n * s[at] for n, s, at in zip(weeks, curves(counts, ended), waits.limits, strict=True))
    assert waits.expected_per_week == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("budget", [0.05, 0.23, 1.0, 4.0, 1e6])
def test_the_budget_is_met_with_the_last_step_and_not_before(budget: float) -> None:
    counts, ended = invented(2, 300)
    bounds = Bounds(1e-7, 1e-2)
    waits = choose(counts, ended, 8.0, budget, CAPS, bounds)
    s = curves(counts, ended)
    weeks = [count / 8 for count in counts]

    def at(price: float) -> float:
        total = 0.0
        for n, row in zip(weeks, s, strict=True):
            total += n * row[min(range(CAPS[0]), key=lambda j: (price * GRID[j] + row[j], j))]
        return total

    if at(bounds.most) <= budget:
        assert waits.price == bounds.most
    elif at(bounds.least) <= budget:
        assert waits.expected_per_week <= budget
        assert at(waits.price * (1 + 1e-6)) > budget
        assert at(waits.price * (1 - 1e-6)) <= budget
    else:
        assert waits.expected_per_week == pytest.approx(at(bounds.least))


def test_what_other_prices_would_come_to_is_what_they_come_to() -> None:
    counts, ended = invented(3, 1500)
    priced = Priced(hope=1.5, most_per_week=1e9, prompt_share=0.2, prompts_per_week=1.0)
    curve = choose(counts, ended, 8.0, 0.3, CAPS, Bounds(1e-6, 1e-3), priced).curve
    for at, price in enumerate(LADDER):
        there = choose(counts, ended, 8.0, 0.0, CAPS, Bounds(price / 1.5, price / 1.5))
        assert curve.expected[at] == pytest.approx(there.expected_per_week * 1.5 * 100_000, abs=1)
        mean = sum(n * GRID[point] for n, point in zip(counts, there.limits, strict=True)) / sum(counts) * 5
        assert curve.limit_min[at] == pytest.approx(mean, abs=1)


@pytest.mark.parametrize(("seed", "silences"), [(1, 40), (2, 300), (3, 1500), (4, 6000), (5, 0)])
@pytest.mark.parametrize("budget", [0.02, 0.23, 1.0, 30.0])
def test_what_is_left_out_before_the_limits_changes_nothing(
    seed: int, silences: int, budget: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, ended = invented(seed, silences)
    homes = [
        (bounds, Priced(hope=1.5, most_per_week=most, prompt_share=0.2, prompts_per_week=asked, unanswered=unanswered))
        for bounds in (Bounds(5e-6, 1e-4), Bounds(1e-7, 1e-3), Bounds(1e-3, 1e-3))
        for most, asked, unanswered in ((1.0, 1.0, 0.4), (1e9, 1e-3, 1.0), (1e-9, 1e9, 0.2))
    ]
    found = [choose(counts, ended, 8.0, budget, CAPS, *home) for home in homes]
    monkeypatch.setattr(stopping, "Hulls", lambda least, _steepest: Hulls(least))
    assert found == [choose(counts, ended, 8.0, budget, CAPS, *home) for home in homes]
