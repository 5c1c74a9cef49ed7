"""What people ask of the registry. Journalled, judged and answered like every other command."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from alerting.casefile import Bridge, Device, DeviceStage, Household, InstallationStep, Responder
from alerting.enrolment.command import PeerCommand, RegistryCommand
from alerting.enrolment.running import RemoveArea, SaveAccount, SaveAreas, SetPassword, ShutAccount
from alerting.model import FaultKind, RiskTier
from alerting.organisations import Organisation
from alerting.peers import Peer, Target
from alerting.repair import RepairAct


class EnrolDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="enrol_device"):
    """Register a device, or take one up again that was retired or taken down.

    ``device.id`` may be empty: then it is made of bridge and inner id. Its stage is taken as given.
    """

    device: Device


class PlaceDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="place_device"):
    """It hangs here from now on; in another home than before it has moved, and must be tested anew.

    ``bridge`` is where it speaks through; empty: as before. On another bridge it is another device, and the one
    before stays known as *moved*.
    """

    device: str
    household: str
    role: str = ""
    room: str = ""
    title: str = ""
    mounted_cm: int = 0
    must_not_see: tuple[str, ...] = ()
    bridge: str = ""


class RenameDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="rename_device"):
    """People call it so from now on."""

    device: str
    title: str


class SwapDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="swap_device"):
    """``new`` takes the place of ``device``, which is retired. Of ``new`` only what it is itself counts.

    That is: bridge, inner id, maker, model, check-in and key; room, role and place are those of the old one.
    """

    device: str
    new: Device


class TakeDownDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_down_device"):
    """It was taken off its wall and belongs to no home until it is placed. Its panic rings as *moved*."""

    device: str


class RetireDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="retire_device"):
    """It is out of use. Its panic rings as *moved*, with its last home."""

    device: str


class SetDeviceKey(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="set_device_key"):
    """The bind key of its encrypted adverts is this from now on, itself encrypted; empty: it has none."""

    device: str
    sealed_key: str = ""


class TakeInstallCode(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_install_code"):
    """Its install code is shown, once, for pairing, and is kept no longer."""

    device: str


class StageDevice(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="stage_device"):
    """Its installation has come this far."""

    device: str
    stage: DeviceStage


class SaveBridge(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_bridge"):
    """Register a bridge, or change what it is called. Its prefix stays."""

    bridge: Bridge


class RevokeBridge(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="revoke_bridge"):
    """Nobody may speak as this bridge any more; its devices are taken down."""

    bridge: str


class SaveHousehold(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_household"):
    """Register a home, or put its case file in place of the one before.

    ``based_on`` is the version that was edited (``version_of``); empty: whatever is there is replaced.
    """

    household: Household
    based_on: str = ""


class ImportedHome(Struct, frozen=True, array_like=True):
    """A case file of a list, and the version of the one that it takes the place of (``new``: there is none)."""

    household: Household
    based_on: str


class BringHomes(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="bring_homes"):
    """Some homes of a list that is about to be registered: checked and kept ready, nothing of them is in force.

    So that a press never waits for more than a few homes of a list. ``list_id`` names the list.
    """

    list_id: str
    homes: tuple[ImportedHome, ...]


class ImportHouseholds(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="import_households"):
    """Register the homes of a list, or put their case files in place of those before: all of them, or none.

    ``note`` names the file. With ``brought`` the homes are those that were brought as the list of that name before:
    so many as ``count``.
    """

    homes: tuple[ImportedHome, ...] = ()
    brought: str = ""
    count: int = 0


class AssessHome(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="assess_home"):
    """The household was assessed: these criteria are met, and this label was decided. It is the home's from now on.

    ``why`` says why it is not the label that the points propose; ``based_on`` as for ``SaveHousehold``.
    """

    household: str
    met: tuple[str, ...]
    tier: RiskTier
    why: str = ""
    based_on: str = ""


class AskReview(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="ask_review"):
    """The household is to be assessed now, whatever its schedule; ``note`` says what was found."""

    household: str


class RaiseLabel(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="raise_label"):
    """An early warning has come (``note`` says which): the label is one higher until the household is assessed anew."""

    household: str


class LeaveProgramme(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="leave_programme"):
    """The household leaves; after a time in which that can be taken back, what is known of its people is erased.

    ``note`` says why. Its devices are out of use before.
    """

    household: str


class TakeUpAgain(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_up_again"):
    """The household that has left is in the programme again; ``note`` says why. Refused once it is to be erased."""

    household: str


class EraseHome(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="erase_home"):
    """The time of a household that has left is over: its case file is blank from now on. Asked by the gateway."""

    household: str


class OpeningReason(StrEnum):
    """Why somebody looks into a case file with everything shown."""

    INCIDENT = "incident"
    DUTY = "duty"
    UPKEEP = "upkeep"
    ASKED = "asked"
    LIST = "list"
    """As one of many, in a file."""
    EXCHANGE = "exchange"
    """Another system asked for it, with its key."""


class OpenCaseFile(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="open_case_file"):
    """Look into a case file with names, numbers and health in full. ``note`` says more than the reason."""

    household: str
    reason: OpeningReason


class OpenCaseFiles(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="open_case_files"):
    """Take many case files out in full, as a list. ``note`` says for what."""

    households: tuple[str, ...]
    reason: OpeningReason = OpeningReason.LIST


class NoteInstallation(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="note_installation"):
    """One step of an installation is done; ``text`` says how: who signed, where the key is, what was heard."""

    household: str
    step: InstallationStep
    text: str = ""


class HandOverHome(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True, tag="hand_over_home"):
    """The installer's last step (装机交付): everything is armed. Refused while something is missing."""

    household: str


class RepairCommand(RegistryCommand, frozen=True, kw_only=True, omit_defaults=True):
    """Something done about a fault: of a device, or of the home where ``device`` is empty."""

    household: str
    fault: FaultKind
    device: str = ""


class TakeRepair(RepairCommand, frozen=True, kw_only=True, omit_defaults=True, tag="take_repair"):
    """``who`` (a login) takes care of it; empty: nobody does any more."""

    who: str


class PlanRepair(RepairCommand, frozen=True, kw_only=True, omit_defaults=True, tag="plan_repair"):
    """Somebody goes there until then; whoever plans it takes it, when nobody has."""

    until: datetime


class NoteRepair(RepairCommand, frozen=True, kw_only=True, omit_defaults=True, tag="note_repair"):
    """``note`` is to be known by whoever takes care of it."""


class FinishRepair(RepairCommand, frozen=True, kw_only=True, omit_defaults=True, tag="finish_repair"):
    """It is done; ``note`` in their own words. Should the fault come back, it is work again by itself."""

    how: RepairAct


class SavePeer(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_peer"):
    """Another system may exchange case files from now on."""

    peer: Peer


class RevokePeer(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="revoke_peer"):
    """Its key opens nothing any more."""

    peer: str


class SaveTarget(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_target"):
    """News is pushed there from now on."""

    target: Target


class EndTarget(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="end_target"):
    """Nothing is pushed there any more."""

    target: str


class SkipEvent(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="skip_event"):
    """The event that a target does not take is not pushed there any more: those behind it are."""

    target: str
    event: str


class SaveOrganisation(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_organisation"):
    """Needs can be sent to this organisation from now on; or it is another one than before."""

    organisation: Organisation


class EndOrganisation(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="end_organisation"):
    """Nothing is sent there any more; what was sent goes on."""

    organisation: str


class SaveResponder(PeerCommand, frozen=True, kw_only=True, omit_defaults=True, tag="save_responder"):
    """Somebody can be sent and called from now on, or is another than before.

    Of ``responder.means`` only numbers count: an address of a push channel, which holds secrets, stays as it is. So
    does the PIN where ``sealed_pin`` is empty.
    """

    responder: Responder


AnyRegistryCommand = (
    EnrolDevice
    | PlaceDevice
    | RenameDevice
    | SwapDevice
    | TakeDownDevice
    | RetireDevice
    | SetDeviceKey
    | TakeInstallCode
    | StageDevice
    | SaveBridge
    | RevokeBridge
    | SaveHousehold
    | BringHomes
    | ImportHouseholds
    | AssessHome
    | AskReview
    | RaiseLabel
    | LeaveProgramme
    | TakeUpAgain
    | EraseHome
    | OpenCaseFile
    | OpenCaseFiles
    | NoteInstallation
    | HandOverHome
    | TakeRepair
    | PlanRepair
    | NoteRepair
    | FinishRepair
    | SavePeer
    | RevokePeer
    | SaveTarget
    | EndTarget
    | SkipEvent
    | SaveOrganisation
    | EndOrganisation
    | SaveResponder
    | SaveAccount
    | SetPassword
    | ShutAccount
    | SaveAreas
    | RemoveArea
)
