"""Two languages from gettext catalogues, read as text at start; no compiled files.

``python -m dashboard.i18n --check`` proves that the Chinese catalogue holds every text of the screens.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, babel_extract

from dashboard.words import CONSOLE_WORDS

ROOM = Path(__file__).parent
LANGUAGES = ("zh_CN", "en")
NAMES = {"zh_CN": "中文", "en": "English"}
KEYWORDS = dict.fromkeys(("_", "gettext", "ngettext", "mark"))

Text = str | tuple[str, ...]


class Language:
    """One language: its code, its name for itself, and its texts.

    Args:
        code: ``zh_CN`` or ``en``.
        translations: Texts by English source text; what is missing is shown in English.
    """

    def __init__(self, code: str, translations: Translations) -> None:
        """Remember both."""
        self.code = code
        self.tag = code.replace("_", "-")
        self.name = NAMES[code]
        self.translations = translations

    def gettext(self, text: str, **values: object) -> str:
        """The text in this language, with ``%(name)s`` filled in."""
        told: str = self.translations.ugettext(text) if text else ""
        return told % values if values else told

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The text for a number, with ``%(num)s`` filled in."""
        told: str = self.translations.ungettext(one, many, n)
        return told % {"num": n}


def read_catalogue(code: str) -> Catalog:
    """The catalogue of a language as its translator wrote it."""
    with (ROOM / "locale" / code / "LC_MESSAGES" / "nuanhu.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def load_languages() -> Mapping[str, Language]:
    """All languages, the first the screens' own."""
    languages: dict[str, Language] = {}
    for code in LANGUAGES:
        compiled = io.BytesIO()
        write_mo(compiled, read_catalogue(code))
        compiled.seek(0)
        languages[code] = Language(code, Translations(compiled))
    return MappingProxyType(languages)


def used_texts() -> dict[Text, str]:
    """Every text of templates and Python files, with one place where it is used."""
    found: dict[Text, str] = {}
    for path in sorted(ROOM.rglob("*.py")):
        with path.open("rb") as file:
            for _, function, texts, _ in extract_python(file, KEYWORDS, (), {}):
                _remember(found, str(function), texts, path)
    extensions = Environment(extensions=[InternationalizationExtension], autoescape=True).extensions
    options = {"extensions": ",".join(extensions), "newstyle_gettext": "true", "silent": "false"}
    for path in sorted((ROOM / "templates").rglob("*.html")):
        with path.open("rb") as file:
            for _, call, told, _ in babel_extract(file, tuple(KEYWORDS), [], options):
                _remember(found, str(call), told, path)
    return found


def _remember(found: dict[Text, str], function: str, texts: object, path: Path) -> None:
    told = texts if isinstance(texts, (tuple, list)) else [texts]
    known = tuple(text for text in told if isinstance(text, str) and text)
    if known:
        found.setdefault(known[:2] if function == "ngettext" else known[0], str(path.relative_to(ROOM)))


def console_words_used() -> set[str]:
    """Keys of ``CONSOLE_WORDS`` that the console's scripts ask for."""
    asked: set[str] = set()
    for path in (ROOM / "static").glob("*.js"):
        asked |= set(re.findall(r"\bword\(\s*\"([a-z_]+)\"", path.read_text("utf-8")))
    return asked


def _key(text: Text | list[str]) -> Text:
    return text if isinstance(text, str) else tuple(text)


def twice(language: str) -> list[str]:
    """Texts that a catalogue has more than once: whoever reads it keeps one of them without a word."""
    content = (ROOM / "locale" / language / "LC_MESSAGES" / "nuanhu.po").read_text("utf-8")
    texts = re.findall(r'^msgid ((?:".*"\n)+)', content, flags=re.MULTILINE)
    return sorted(text.strip() for text, times in Counter(texts).items() if times > 1)


def complaints() -> Iterator[str]:
    """What is wrong with the catalogues, a line each: missing, empty, not used, or with other values to fill in."""
    used = used_texts()
    catalogue = read_catalogue("zh_CN")
    held = {_key(message.id): message for message in catalogue if message.id}
    for text, place in sorted(used.items(), key=str):
        message = held.get(text)
        if message is None:
            yield f"missing in zh_CN: {text!r} ({place})"
        elif message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string or [""]):
            yield f"not translated in zh_CN: {text!r} ({place})"
    for text, message in held.items():
        if text not in used:
            yield f"not used any more: {text!r}"
        yield from (f"{text!r}: {error}" for error in message.check(catalogue))
    yield from (f"twice in zh_CN, so that one of the two is never shown: {text}" for text in twice("zh_CN"))
    asked = console_words_used()
    yield from (f"a script asks for an unknown word: {key}" for key in sorted(asked - set(CONSOLE_WORDS)))
    yield from (f"no script asks for the word: {key}" for key in sorted(set(CONSOLE_WORDS) - asked))


def main(arguments: list[str] | None = None) -> int:
    """Check the catalogues; 0 when they are complete."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.i18n", description="The screens' two languages.")
    parser.add_argument("--check", action="store_true", required=True, help="complain of missing or unused texts")
    parser.parse_args(arguments)
    wrong = list(complaints())
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
