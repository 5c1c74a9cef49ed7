"""How one language says what stands in a case file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import case_words
from dashboard.i18n import Language


class Wording:
    """One language, and words from tables.

    Args:
        language: The texts.
    """

    def __init__(self, language: Language) -> None:
        """Remember it."""
        self.language = language
        self.gettext = language.gettext
        self.ngettext = language.ngettext

    def _word(self, table: Mapping[Any, str], key: object) -> str:
        """A word nobody has foreseen is shown as it is: one odd row must not stop a screen."""
        return self.gettext(table[key]) if key in table else str(key)


class CaseSpeech(Wording):
    """Fields of the case file, what is wrong with them, and why somebody looked."""

    def case_field(self, name: str) -> str:
        """What a field of the case file is called."""
        return self._word(case_words.FIELDS, name)

    def case_place(self, name: str) -> str:
        """The same of a field with its row: ``contacts.2.phone``."""
        kind, _, rest = name.partition(".")
        n, _, field = rest.partition(".")
        if not field:
            return self.case_field(n or kind)
        who = self.gettext(case_words.ROWS[kind], n=n)
        return f"{who} · {self.case_field(field)}"

    def case_column(self, name: str) -> str:
        """What a column of a list is called; in Chinese as in the template."""
        return self._word(case_words.COLUMNS, name) if name in case_words.COLUMNS else self.case_place(name)

    def map_of(self, datum: str) -> str:
        """From whose map a position was copied."""
        return self._word(case_words.MAPS, datum)

    def case_flaw(self, word: str) -> str:
        """What is wrong with a field of the case file."""
        return self._word(case_words.FLAWS, word)

    def opening_reason(self, reason: str) -> str:
        """Why somebody looked into a case file."""
        return self._word(case_words.REASONS, reason)

    def row_standing(self, standing: str) -> str:
        """What rows of a list are to the registry."""
        return self._word(case_words.STANDINGS, standing)

    def sheet_flaw(self, word: str) -> str:
        """Why a file cannot be read."""
        return self._word(case_words.SHEETS, word)
