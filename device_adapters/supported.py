"""The table of supported devices, made from the declarations themselves."""

from __future__ import annotations

from collections.abc import Iterable

from device_adapters.adverts import ADVERT_CODECS
from device_adapters.catalogue import ADAPTERS
from device_adapters.check_ins import DOCUMENTED, MODELS
from device_adapters.codecs import CODECS, UNPROVEN
from device_adapters.codecs.frames import Codec


def tables() -> str:
    """Markdown: hubs and conventions, LoRaWAN devices, Bluetooth adverts."""
    return "\n".join(
        [
            "### Hubs, network servers and conventions",
            "",
            *_table(
                ("adapter", "what it is", "topics as they leave the factory"),
                ((f"`{a.name}`", a.title, f"`{a.default_prefix}/…`") for a in ADAPTERS.values()),
            ),
            "",
            "### LoRaWAN devices, by any network server",
            "",
            *_table(
                ("maker", "models", "what they say", "known from"),
                sorted((c.vendor, _models(c.model, c.also), _kinds(c.says), _proof(c)) for c in CODECS),
            ),
            "",
            "### Models that say something at an interval of their own",
            "",
            *_table(
                ("model", "every, minutes", "known from"),
                sorted(
                    [(_models(c.model, c.also), str(c.interval_s // 60), _ASSUMED) for c in CODECS if c.interval_s]
                    + [
                        (model.upper(), str(every_s // 60), _PAPER if model in DOCUMENTED else _ASSUMED)
                        for model, every_s in MODELS.items()
                    ]
                ),
            ),
            "",
            "### Bluetooth devices, by any gateway that publishes adverts",
            "",
            *_table(
                ("maker or format", "models", "what they say"),
                sorted((c.vendor, c.models, _kinds(c.says)) for c in ADVERT_CODECS),
            ),
            "",
        ]
    )


_PAPER, _ASSUMED = "its maker's documentation", "assumed: no document at hand; set `check_in_s` where it differs"
_FRAMES, _FORMAT = "published frames", "its format alone: no published frame at hand"


def _proof(codec: Codec) -> str:
    return _FORMAT if (codec.vendor, codec.model) in UNPROVEN else _FRAMES


def _models(model: str, also: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys((model, *also)))


def _kinds(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *rows)]
