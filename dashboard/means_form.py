"""By which numbers somebody can be called, from a form that shows one number and a tick for each channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from alerting.casefile import Channel, Means

NUMBERS = (Channel.SMS, Channel.VOICE)


def means_of(before: Sequence[Means] | None, phone: str, tried: Collection[str]) -> tuple[Means, ...]:
    """Their numbers by channel.

    Who has one number for calls and another for messages keeps both where the one that is shown stays. Of a number that
    is another one than before nothing is verified: the tick that was there is a left-over, and is set again.

    Args:
        before: What was known; None: somebody new.
        phone: As typed.
        tried: Channels whose tick is set.
    """
    known = {it.channel: it for it in before or () if it.channel in NUMBERS}
    shown = next((it.address for it in known.values()), "")
    is_same = before is None or not known or phone == shown
    return tuple(
        Means(
            channel=it,
            address=known[it].address if it in known and is_same else phone,
            verified=it.value in tried and is_same,
            after_s=known[it].after_s if it in known else None,
        )
        for it in NUMBERS
    )
