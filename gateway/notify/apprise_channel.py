"""Whatever Apprise can reach: e-mail, ntfy, webhooks and many more. Group robots are only parsed by it."""

from __future__ import annotations

from typing import Any

from gateway.notify import robots
from gateway.notify.port import ChannelError, Outgoing, Sent


class AppriseChannel:
    """One of Apprise's addresses, or several with a comma between them, which are sent to all at once.

    Args:
        name: Of the telephone, for messages.
        url: The address; may hold secrets.

    Raises:
        ChannelError: Apprise does not understand it.
    """

    def __init__(self, name: str, url: str) -> None:
        """Prepare it."""
        import apprise  # noqa: PLC0415 - takes a moment to load, and only those who use it shall wait

        self._channel = apprise.Apprise()
        if not self._channel.add(url):
            raise ChannelError(f"duty_phones: the address of {name} is not understood")
        servers = list(self._channel)
        self._robot = _robot(servers[0]) if len(servers) == 1 else None

    def send(self, page: Outgoing) -> Sent:
        """Send; may raise whatever the library raises."""
        if self._robot is not None:
            return self._robot.send(page)
        return Sent() if self._channel.notify(body=page.text) else Sent(error="not_taken", retry=True)


def _robot(parsed: Any) -> robots.Robot | None:
    kind = type(parsed).__name__
    if kind == "NotifyWeComBot":
        return robots.wecom(parsed.key)
    if kind == "NotifyDingTalk":
        return robots.dingtalk(parsed.token, parsed.secret or "", list(parsed.targets))
    if kind in {"NotifyFeishu", "NotifyLark"}:
        return robots.feishu(parsed.token, abroad=kind == "NotifyLark")
    return None
