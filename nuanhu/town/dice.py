"""The only place with random numbers: seeded streams, each with a name of its own.

A stream depends on the seed and its name alone, so that drawing more in one place changes nothing in another.
"""

from __future__ import annotations

import hashlib
import random

Dice = random.Random


def number_from(seed: int, *names: str | int, bits: int = 64) -> int:
    """A number of ``bits`` bits (at most 256), the same for the same seed and names on every machine."""
    text = "\x1f".join((str(seed), *map(str, names)))
    digest = hashlib.blake2b(text.encode(), digest_size=32).digest()
    return int.from_bytes(digest, "big") >> (256 - bits)


def dice_for(seed: int, *names: str | int) -> Dice:
    """A stream of random numbers of its own for this seed and these names."""
    return Dice(number_from(seed, *names))


def secret_from(seed: int, *names: str | int) -> str:
    """A password of 24 hexadecimal characters for the demo's bridges. It is as secret as the seed."""
    return f"{number_from(seed, 'secret', *names, bits=96):024x}"
