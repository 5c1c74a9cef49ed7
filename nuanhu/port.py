"""The port for the screens."""

from __future__ import annotations

import socket


class PortTakenError(Exception):
    """The port for the screens is in use; the message is one line for people."""


def claim_port(host: str, port: int) -> socket.socket:
    """Bind the port of the screens now, so that a conflict is said before anything starts."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as failure:
        sock.close()
        raise PortTakenError(f"port {port} is in use: choose another with --port ({failure.strerror})") from failure
    return sock
