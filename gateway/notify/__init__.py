"""How a text reaches a telephone: Apprise, a recording, and providers of text messages and calls over HTTP."""

from gateway.notify.channels import Channels
from gateway.notify.port import ChannelError, Notifier, Outgoing, Sent

__all__ = ["ChannelError", "Channels", "Notifier", "Outgoing", "Sent"]
