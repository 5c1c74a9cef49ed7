"""The PINs with which people answer the link of a message."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from pydantic import SecretStr

from alerting.duty.reach import RESPONDER
from gateway.writing.directory import Directory


class Pins:
    """PINs of the settings, and of the register; where a person has one of each, that of the settings.

    Args:
        told: PIN by name of a duty telephone or id of a person.
        directory: The register; opens what it keeps sealed.
    """

    def __init__(self, told: Mapping[str, SecretStr], directory: Directory) -> None:
        """Remember both."""
        self._told = told
        self._directory = directory

    def has(self, person: str) -> bool:
        """Whether this person (id) has one."""
        return bool(self._of(person))

    def refusal(self, person: str, typed: str) -> str:
        """Why this is not the PIN of a person: ``no_pin`` or ``wrong_pin``; empty when it is."""
        right = self._of(person)
        if not right:
            return "no_pin"
        return "" if hmac.compare_digest(right.encode(), typed.strip().encode()) else "wrong_pin"

    def _of(self, person: str) -> str:
        told = self._told.get(person)
        if told is not None:
            return told.get_secret_value()
        known = self._directory.responders.get(person.removeprefix(RESPONDER)) if person.startswith(RESPONDER) else None
        return self._directory.seals.open(known.sealed_pin) if known is not None else ""
