"""What administrators ask of the registry: who may sign in, and the tree of areas."""

from __future__ import annotations

from alerting.casefile import Account, Area
from alerting.enrolment.command import PeerCommand, RegistryCommand


class SaveAccount(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_account"):
    """Somebody may sign in from now on, or with another role, area, name or number than before.

    Of one that is there the password stays, and so do whether it is shut and the addresses that hold secrets.
    ``is_new`` keeps somebody from changing another one by mistake.
    """

    account: Account
    is_new: bool = False


class SetPassword(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="set_password"):
    """One's own password, or a one-time password of somebody else; whoever is signed in with the former is no longer.

    A shut account is open again with it. ``password_hash`` is an argon2id hash: the password itself never comes here.
    """

    login: str
    password_hash: str


class ShutAccount(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="shut_account"):
    """Nobody signs in with it any more, whoever is signed in is no longer, and it is not paged."""

    login: str


class SaveAreas(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_areas"):
    """These areas are there from now on, or have another name or boundary than before: all of them, or none.

    ``is_new`` keeps somebody from changing one that is there by mistake.
    """

    areas: tuple[Area, ...]
    is_new: bool = False


class RemoveArea(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="remove_area"):
    """There is no such area any more. Refused while a home, a person, an account or an area belongs to it."""

    area: str
