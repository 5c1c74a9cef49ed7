"""``nuanhu bench``: its benches and their arguments."""

from __future__ import annotations

import argparse
from typing import Any

from nuanhu import event_loop
from nuanhu.printing import print_json


def add_bench(commands: Any) -> None:
    """``nuanhu bench …``."""
    bench = commands.add_parser("bench", help="measure")
    kinds = bench.add_subparsers(title="benches", metavar="BENCH", required=True)
    panic = kinds.add_parser("panic", help="press of a button -> frame on a console")
    panic.add_argument("--presses", type=int, default=200)
    panic.add_argument("--background", type=float, default=500.0, help="other messages a second")
    panic.add_argument("--make", choices=("own", "zigbee2mqtt", "chirpstack"), default="own")
    panic.add_argument("--households", type=int, default=300)
    panic.set_defaults(run=_bench_panic)
    city = kinds.add_parser("city", help="start-up, memory and CPU of a whole city")
    city.add_argument("--households", type=int, default=3000)
    city.add_argument("--rate", type=float, default=200.0, help="messages a second")
    city.add_argument("--for", dest="for_s", type=float, default=30.0, help="seconds of load")
    city.set_defaults(run=_bench_city)
    ingest = kinds.add_parser("ingest", help="a backlog decoded, judged and committed, against a bare subscriber")
    ingest.add_argument("--messages", type=int, default=50_000)
    ingest.add_argument("--households", type=int, default=300)
    ingest.set_defaults(run=_bench_ingest)
    broker = kinds.add_parser("broker", help="what the lines of our broker's configuration buy")
    broker.add_argument("--kills", type=int, default=5, help="kill -9 by configuration (default 5)")
    broker.set_defaults(run=_bench_broker)
    kinds.add_parser("decode", help="microseconds a message, by adapter").set_defaults(run=_bench_decode)
    fanout = kinds.add_parser("fanout", help="one change -> the last of many consoles")
    fanout.add_argument("--consoles", type=int, default=200)
    fanout.add_argument("--changes", type=int, default=200)
    fanout.add_argument("--background", type=float, default=50.0, help="other messages a second")
    fanout.add_argument("--households", type=int, default=3000)
    fanout.set_defaults(run=_bench_fanout)
    flood = kinds.add_parser("flood", help="many presses at once -> all consoles, and the first step of each climb")
    flood.add_argument("--panics", type=int, default=300)
    flood.add_argument("--consoles", type=int, default=20)
    flood.set_defaults(run=_bench_flood)
    timers = kinds.add_parser("timers", help="how late a step of the climb is, with very many timers pending")
    timers.add_argument("--pending", type=int, default=10_000, help="homes, each with a timer (default 10000)")
    timers.add_argument("--due", type=int, default=1000, help="of these fall due within 25 s (default 1000)")
    timers.add_argument("--background", type=float, default=200.0, help="other messages a second")
    timers.add_argument("--store", default="", help="address of an empty database; without it the embedded store")
    timers.set_defaults(run=_bench_timers)
    registry = kinds.add_parser("registry", help="searching 60,000 homes, opening one, a list of 3,000 coming in")
    registry.add_argument("--households", type=int, default=60_000)
    registry.add_argument("--rounds", type=int, default=60, help="searches of each kind (default 60)")
    registry.add_argument("--store", default="", help="address of an empty database; without it the embedded store")
    registry.set_defaults(run=_bench_registry)
    candidates = kinds.add_parser("candidates", help="who could go to a home, among all grid workers of a city")
    candidates.add_argument("--responders", type=int, default=13_000)
    candidates.add_argument("--homes", type=int, default=500, help="asked for, spread over the town (default 500)")
    candidates.set_defaults(run=_bench_candidates)
    for kind in kinds.choices.values():
        kind.add_argument("--json", action="store_true", help="one JSON object as the last line of output")


def _bench_panic(asked: argparse.Namespace) -> int:
    from nuanhu.bench.panic import bench_panic  # noqa: PLC0415 - each command loads what it needs

    print_json(event_loop.run(bench_panic(asked.presses, asked.background, asked.make, asked.households)))
    return 0


def _bench_city(asked: argparse.Namespace) -> int:
    from nuanhu.bench.city import bench_city  # noqa: PLC0415 - each command loads what it needs

    print_json(event_loop.run(bench_city(asked.households, asked.rate, asked.for_s)))
    return 0


def _bench_ingest(asked: argparse.Namespace) -> int:
    from nuanhu.bench.ingest import bench_ingest  # noqa: PLC0415 - each command loads what it needs

    report = bench_ingest(asked.messages, asked.households)
    print_json(report)
    return 1 if report["lost"] else 0


def _bench_broker(asked: argparse.Namespace) -> int:
    from nuanhu.bench.broker import bench_broker  # noqa: PLC0415 - each command loads what it needs

    print_json(bench_broker(asked.kills))
    return 0


def _bench_fanout(asked: argparse.Namespace) -> int:
    from nuanhu.bench.fanout import bench_fanout  # noqa: PLC0415 - each command loads what it needs

    report = event_loop.run(bench_fanout(asked.consoles, asked.changes, asked.background, asked.households))
    print_json(report)
    return 1 if report["missed"] else 0


def _bench_flood(asked: argparse.Namespace) -> int:
    from nuanhu.bench.flood import bench_flood  # noqa: PLC0415 - each command loads what it needs

    report = event_loop.run(bench_flood(asked.panics, asked.consoles))
    print_json(report)
    return 1 if report["missing"] else 0


def _bench_timers(asked: argparse.Namespace) -> int:
    from nuanhu.bench.timers import LATEST_P99_MS, bench_timers  # noqa: PLC0415 - each command loads what it needs

    report = event_loop.run(bench_timers(asked.pending, asked.due, asked.background, asked.store))
    print_json(report)
    return 0 if report["fired"] == report["due"] and report["late_p99_ms"] < LATEST_P99_MS else 1


def _bench_registry(asked: argparse.Namespace) -> int:
    from nuanhu.bench.registry import bench_registry, is_good  # noqa: PLC0415 - each command loads what it needs

    report = event_loop.run(bench_registry(asked.households, asked.rounds, asked.store))
    print_json(report)
    return 0 if is_good(report) else 1


def _bench_candidates(asked: argparse.Namespace) -> int:
    from nuanhu.bench.candidates import bench_candidates  # noqa: PLC0415 - each command loads what it needs

    report = bench_candidates(asked.responders, asked.homes)
    print_json(report)
    return 0 if report["within_bound"] else 1


def _bench_decode(_: argparse.Namespace) -> int:
    from nuanhu.bench.decoding import bench_decode  # noqa: PLC0415 - each command loads what it needs

    report = bench_decode()
    print_json(report)
    return 0 if report["within_bound"] else 1
