"""Whatever Apprise can reach: WeCom, DingTalk, Feishu, e-mail, ntfy, webhooks and many more."""

from __future__ import annotations

from gateway.notify.port import ChannelError, Outgoing, Sent


class AppriseChannel:
    """One of Apprise's addresses.

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

    def send(self, page: Outgoing) -> Sent:
        """Send; may raise whatever the library raises."""
        return Sent() if self._channel.notify(body=page.text) else Sent(error="not_taken", retry=True)
