"""Ports: which one is free, and does a broker answer there."""

from __future__ import annotations

import errno
import itertools
import os
import socket
from contextlib import suppress

from gateway.broker.access import BrokerError

# Below the range from which kernels take the ports of outgoing connections (Linux 32768, others 49152): a client that
# keeps trying a port of that range can, on loopback, end up connected to itself and hold the port for good.
_FIRST_PORT, _LAST_PORT = 20_000, 29_999

# A CONNECT of MQTT 3.1.1 with an empty client id and nobody's name, and the answer's first byte.
_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
_CONNACK = 0x20
_CONNACK_BYTES = 4

_asked = itertools.count()


def choose_port(host: str) -> int:
    """A port nobody listens on. Every call begins to look somewhere else.

    Raises:
        BrokerError: There is none.
    """
    count = _LAST_PORT - _FIRST_PORT + 1
    first = os.getpid() * 1009 + next(_asked)
    for step in range(count):
        port = _FIRST_PORT + (first + step) % count
        with suppress(OSError):
            _bind(host, port)
            return port
    raise BrokerError(f"no port between {_FIRST_PORT} and {_LAST_PORT} is free on {host}")


def claim_port(host: str, port: int) -> None:
    """Make sure that a broker can listen there.

    Raises:
        BrokerError: It cannot; the message says why and what to do.
    """
    try:
        _bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "another program listens there: stop it, or choose another port"
        elif error.errno == errno.EACCES:
            reason = "this account may not use ports below 1024: choose another port"
        else:
            reason = os.strerror(error.errno) if error.errno else str(error)
        raise BrokerError(f"port {port} on {host} cannot be used: {reason}") from None


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def admits_strangers(host: str, port: int) -> bool | None:
    """Knock without a name: True when let in, False when an MQTT broker refuses, None when none answers."""
    with suppress(OSError), socket.create_connection((host, port), timeout=2.0) as knock:
        knock.sendall(_CONNECT)
        answer = b""
        while len(answer) < _CONNACK_BYTES:
            part = knock.recv(_CONNACK_BYTES - len(answer))
            if not part:
                return None
            answer += part
        return answer[3] == 0 if answer[0] == _CONNACK else None
    return None
