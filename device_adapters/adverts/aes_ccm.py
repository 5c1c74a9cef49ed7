"""AES-128 in CCM mode, decryption alone, for adverts of some twenty bytes (RFC 3610, FIPS 197)."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

_BLOCK = 16
_ROUNDS = 10
_POLYNOMIAL = 0x11B


def _double(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0x100 else value


def _s_box() -> tuple[int, ...]:
    """The multiplicative inverse in GF(256), then the affine map."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] ^ _double(powers[-1]))  # times 3, a generator
    inverse = {a: powers[-n % 255] for n, a in enumerate(powers)} | {0: 0}
    box = []
    for value in range(256):
        b = inverse[value]
        box.append(b ^ _turned(b, 1) ^ _turned(b, 2) ^ _turned(b, 3) ^ _turned(b, 4) ^ 0x63)
    return tuple(box)


def _turned(value: int, by: int) -> int:
    return (value << by | value >> (8 - by)) & 0xFF


_S = _s_box()
_T0 = tuple(_double(s) << 24 | s << 16 | s << 8 | (_double(s) ^ s) for s in _S)
_T1 = tuple(t >> 8 | (t & 0xFF) << 24 for t in _T0)
_T2 = tuple(t >> 8 | (t & 0xFF) << 24 for t in _T1)
_T3 = tuple(t >> 8 | (t & 0xFF) << 24 for t in _T2)


def _substituted(word: int) -> int:
    return _S[word >> 24] << 24 | _S[word >> 16 & 255] << 16 | _S[word >> 8 & 255] << 8 | _S[word & 255]


@lru_cache(maxsize=4096)
def _schedule(key: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(key[at : at + 4], "big") for at in range(0, _BLOCK, 4)]
    constant = 1
    for n in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if n % 4 == 0:
            word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = _double(constant)
        words.append(words[-4] ^ word)
    return tuple(words)


def _encrypt(key: bytes, block: bytes) -> bytes:
    words = _schedule(key)
    a, b, c, d = (int.from_bytes(block[at : at + 4], "big") ^ words[at // 4] for at in range(0, _BLOCK, 4))
    for n in range(4, 4 * _ROUNDS, 4):
        a, b, c, d = (
            _T0[a >> 24] ^ _T1[b >> 16 & 255] ^ _T2[c >> 8 & 255] ^ _T3[d & 255] ^ words[n],
            _T0[b >> 24] ^ _T1[c >> 16 & 255] ^ _T2[d >> 8 & 255] ^ _T3[a & 255] ^ words[n + 1],
            _T0[c >> 24] ^ _T1[d >> 16 & 255] ^ _T2[a >> 8 & 255] ^ _T3[b & 255] ^ words[n + 2],
            _T0[d >> 24] ^ _T1[a >> 16 & 255] ^ _T2[b >> 8 & 255] ^ _T3[c & 255] ^ words[n + 3],
        )
    last = words[4 * _ROUNDS :]
    turned = ((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))
    out = bytearray()
    for (w, x, y, z), round_key in zip(turned, last, strict=True):
        mixed = _S[w >> 24] << 24 | _S[x >> 16 & 255] << 16 | _S[y >> 8 & 255] << 8 | _S[z & 255]
        out += (mixed ^ round_key).to_bytes(4, "big")
    return bytes(out)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def _blocks(text: bytes) -> list[bytes]:
    padded = text + b"\0" * (-len(text) % _BLOCK)
    edges = range(0, len(padded) + 1, _BLOCK)
    return [padded[start:end] for start, end in pairwise(edges)]


def decrypt(key: bytes, nonce: bytes, cipher: bytes, mark: bytes, extra: bytes = b"") -> bytes | None:
    """The plain text, or None when the authentication mark does not fit.

    Args:
        key: 16 bytes.
        nonce: 7 to 13 bytes.
        cipher: What was encrypted.
        mark: Authentication mark, 4 to 16 bytes.
        extra: Authenticated, not encrypted.
    """
    width = 15 - len(nonce)
    stream = b"".join(
        _encrypt(key, bytes((width - 1,)) + nonce + n.to_bytes(width, "big")) for n in range(len(_blocks(cipher)) + 1)
    )
    plain = _xor(cipher, stream[_BLOCK:])
    flags = (0x40 if extra else 0) | (len(mark) - 2) // 2 << 3 | (width - 1)
    state = _encrypt(key, bytes((flags,)) + nonce + len(plain).to_bytes(width, "big"))
    about = _blocks(len(extra).to_bytes(2, "big") + extra) if extra else []
    for block in about + _blocks(plain):
        state = _encrypt(key, _xor(state, block))
    return plain if _xor(state, stream[:_BLOCK])[: len(mark)] == mark else None
