"""The registry as an aggregate: what may be changed, and what follows. Pure; refusals are words.

What is registered is not hot state: the tables of the registry are, written in the same transaction as the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from alerting.assessment.due import watched_over
from alerting.casefile import (
    Bridge,
    Device,
    DeviceStage,
    DeviceStatus,
    InstallationStep,
    StepDone,
    covers,
    version_of,
)
from alerting.decisions import (
    AccountSaved,
    Answered,
    AnyDecision,
    AreaRemoved,
    AreaSaved,
    BridgeSaved,
    DeviceSaved,
    HouseholdSaved,
    InstallationSaved,
    PartySaved,
    Registered,
    RegistryChange,
    RepairSaved,
    ResponderSaved,
)
from alerting.enrolment import (
    accounts,
    assessing,
    grounds,
    importing,
    leaving,
    opening,
    organising,
    peering,
    repairing,
    staffing,
    stages,
)
from alerting.enrolment.books import Books, Pending, Refused, Register, with_changes
from alerting.enrolment.command import RegistryCommand
from alerting.enrolment.commands import (
    BringHomes,
    EnrolDevice,
    HandOverHome,
    ImportHouseholds,
    NoteInstallation,
    OpenCaseFile,
    OpenCaseFiles,
    PlaceDevice,
    RenameDevice,
    RetireDevice,
    RevokeBridge,
    SaveBridge,
    SaveHousehold,
    SetDeviceKey,
    StageDevice,
    SwapDevice,
    TakeDownDevice,
    TakeInstallCode,
)
from alerting.enrolment.flaws import bridge_flaw, device_flaw, is_unique_everywhere, prefix_flaw
from alerting.enrolment.home_flaws import home_flaws
from alerting.events import AnyEvent, Commanded
from alerting.keeping.leaving import is_erased
from alerting.policy import Policy

ACTIVE, MOVED, RETIRED = DeviceStatus
_BY_DEFAULT = Policy(utc_offset_s=0)


Judged = list[RegistryChange] | str | Refused
"""What changes, what the answer names first; or the refusal."""


def step(
    pending: Pending,
    books: Books,
    event: AnyEvent,
    now: datetime,
    policy: Policy = _BY_DEFAULT,
) -> tuple[Pending, list[AnyDecision]]:
    """What one command does to the registry.

    Args:
        pending: Changes that are not in force yet.
        books: What is in force.
        event: A ``Commanded`` with a command of the registry.
        now: Service time.
        policy: Which day it is by local time, when a household that leaves is erased, and what plans and roster name.

    Returns:
        The changes that are not in force afterwards, and the decisions.
    """
    if not isinstance(event, Commanded) or not isinstance(event.command, RegistryCommand):
        raise TypeError(f"the registry cannot judge {type(event).__name__}")
    command = event.command
    r = Register(pending, books, (now + timedelta(seconds=policy.utc_offset_s)).date(), policy)
    if isinstance(command, OpenCaseFile):
        return pending, opening.opened(r, command)
    if isinstance(command, OpenCaseFiles):
        return pending, opening.all_opened(r, command)
    if isinstance(command, BringHomes):
        pending, refused, reasons = importing.bring(r, pending, command, now)
        return pending, [Answered(refused=refused, reasons=reasons)]
    judged = _JUDGES[type(command)](r, command, now)
    if isinstance(judged, str):
        return pending, [Answered(refused=judged)]
    if isinstance(judged, Refused):
        return pending, [Answered(refused=judged.word, reasons=judged.reasons)]
    if isinstance(command, ImportHouseholds) and command.brought:
        pending = importing.without_lists(pending, {k: v for k, v in pending.brought.items() if k != command.brought})
    what = str(type(command).__struct_config__.tag)
    done = Registered(by=command.by, what=what, note=command.note, changes=tuple(judged))
    return with_changes(pending, judged), [done, Answered(made=_name_of(judged[0]) if judged else "")]


def _name_of(change: RegistryChange) -> str:
    if isinstance(change, DeviceSaved):
        return change.device.id
    if isinstance(change, BridgeSaved):
        return change.bridge.id
    if isinstance(change, RepairSaved):
        return change.repair.key
    if isinstance(change, PartySaved):
        return change.party.id
    if isinstance(change, ResponderSaved):
        return change.responder.id
    if isinstance(change, AccountSaved):
        return change.account.login
    if isinstance(change, AreaSaved | AreaRemoved):
        return change.area.key
    return change.household.key if isinstance(change, HouseholdSaved) else change.installation.household


def _enrol(r: Register, command: EnrolDevice, _: datetime) -> Judged:
    device = command.device
    there = next((d for d in r.named(device.inner) if d.bridge == device.bridge), None)
    if there is not None and there.status is ACTIVE:
        return "taken"
    id_ = there.id if there is not None else device.id or f"{device.bridge}/{device.inner}"
    if there is None and r.device(id_) is not None:
        return "id_taken"
    fresh = msgspec.structs.replace(device, id=id_, status=ACTIVE)
    return _fits(r, fresh) or [DeviceSaved(device=fresh, before=there)]


def _place(r: Register, command: PlaceDevice, _: datetime) -> Judged:
    device = r.device(command.device)
    if device is None:
        return "unknown_device"
    if device.status is RETIRED:
        return "retired"
    bridge = command.bridge or device.bridge
    moved = (command.household, bridge) != (device.household, device.bridge) or device.status is MOVED
    elsewhere = moved or command.room != device.room
    placed = msgspec.structs.replace(
        device,
        household=command.household,
        role=command.role or device.role,
        room=command.room,
        title=command.title,
        mounted_cm=command.mounted_cm,
        must_not_see=command.must_not_see,
        status=ACTIVE,
        stage=DeviceStage.INSTALLED if elsewhere or device.stage is DeviceStage.REGISTERED else device.stage,
    )
    if bridge == device.bridge:
        return _fits(r, placed) or [DeviceSaved(device=placed, before=device)]
    left = msgspec.structs.replace(device, status=MOVED, stage=DeviceStage.REGISTERED)
    there = next((d for d in r.named(device.inner) if d.bridge == bridge), None)
    if there is not None and there.status is ACTIVE:
        return "taken"
    id_ = there.id if there is not None else f"{bridge}/{device.inner}"
    anew = msgspec.structs.replace(placed, id=id_, bridge=bridge, replaces=device.id)
    flaw = _fits(r, anew, leaving=device.id)
    return flaw or [DeviceSaved(device=anew, before=there), DeviceSaved(device=left, before=device)]


def _rename(r: Register, command: RenameDevice, _: datetime) -> Judged:
    return _changed(r, command.device, title=command.title)


def _swap(r: Register, command: SwapDevice, _: datetime) -> Judged:
    old = r.device(command.device)
    if old is None:
        return "unknown_device"
    if old.status is RETIRED:
        return "retired"
    new = command.new
    there = next((d for d in r.named(new.inner) if d.bridge == new.bridge), None)
    if there is not None and there.status is ACTIVE:
        return "taken"
    id_ = there.id if there is not None else new.id or f"{new.bridge}/{new.inner}"
    if there is None and r.device(id_) is not None:
        return "id_taken"
    fresh = msgspec.structs.replace(
        new,
        id=id_,
        household=old.household,
        role=old.role,
        room=old.room,
        title=old.title,
        mounted_cm=old.mounted_cm,
        must_not_see=old.must_not_see,
        status=ACTIVE,
        stage=DeviceStage.INSTALLED,
        replaces=old.id,
    )
    gone = msgspec.structs.replace(old, status=RETIRED, stage=DeviceStage.REGISTERED)
    return _fits(r, fresh) or [DeviceSaved(device=fresh, before=there), DeviceSaved(device=gone, before=old)]


def _take_down(r: Register, command: TakeDownDevice, _: datetime) -> Judged:
    return _changed(r, command.device, status=MOVED, stage=DeviceStage.REGISTERED)


def _retire(r: Register, command: RetireDevice, _: datetime) -> Judged:
    return _changed(r, command.device, status=RETIRED, stage=DeviceStage.REGISTERED)


def _set_key(r: Register, command: SetDeviceKey, _: datetime) -> Judged:
    return _changed(r, command.device, sealed_key=command.sealed_key)


def _take_code(r: Register, command: TakeInstallCode, _: datetime) -> Judged:
    device = r.device(command.device)
    if device is not None and not device.sealed_code:
        return "no_install_code"
    return _changed(r, command.device, sealed_code="")


def _stage(r: Register, command: StageDevice, _: datetime) -> Judged:
    device = r.device(command.device)
    if device is not None and device.status is not ACTIVE:
        return "retired" if device.status is RETIRED else "moved"
    if device is not None and not stages.may_go(device.stage, command.stage):
        return "stage_not_allowed"
    return _changed(r, command.device, stage=command.stage)


def _changed(r: Register, id_: str, **to: object) -> Judged:
    device = r.device(id_)
    if device is None:
        return "unknown_device"
    if device.status is RETIRED:
        return "retired"
    after = msgspec.structs.replace(device, **to)
    return device_flaw(after) or [DeviceSaved(device=after, before=device)]


def _fits(r: Register, device: Device, *, leaving: str = "") -> str:
    """Why a device cannot be registered so; empty when it can. ``leaving`` is the one it was before, elsewhere."""
    bridge = r.bridge(device.bridge)
    if bridge is None:
        return "unknown_bridge"
    if bridge.revoked:
        return "bridge_revoked"
    home = r.household(device.household)
    if home is None:
        return "unknown_home"
    if home.left is not None:
        return "home_left"
    if not covers(bridge.area, home.area):
        return "bridge_elsewhere"
    others = [d for d in r.named(device.inner) if d.bridge != device.bridge and d.status is ACTIVE and d.id != leaving]
    if others and is_unique_everywhere(device.inner):
        return "on_other_bridge"
    return device_flaw(device)


def _save_bridge(r: Register, command: SaveBridge, _: datetime) -> Judged:
    bridge, before = command.bridge, r.bridge(command.bridge.id)
    if before is not None and before.revoked:
        return "bridge_revoked"
    if before is not None and before.prefix != bridge.prefix:
        return "prefix_stays"
    if bridge.area and not r.has_area(bridge.area):
        return "unknown_area"
    fresh = msgspec.structs.replace(bridge, revoked=False)
    flaw = bridge_flaw(fresh) or prefix_flaw(fresh, [b for b in r.bridges() if b.id != bridge.id])
    return flaw or [BridgeSaved(bridge=fresh, before=before)]


def _revoke(r: Register, command: RevokeBridge, _: datetime) -> Judged:
    before: Bridge | None = r.bridge(command.bridge)
    if before is None:
        return "unknown_bridge"
    down = {"status": MOVED, "stage": DeviceStage.REGISTERED}
    devices = [
        DeviceSaved(device=msgspec.structs.replace(device, **down), before=device)
        for device in r.behind(before.id)
        if device.status is ACTIVE
    ]
    return [BridgeSaved(bridge=msgspec.structs.replace(before, revoked=True), before=before), *devices]


def _save_household(r: Register, command: SaveHousehold, now: datetime) -> Judged:
    before = r.household(command.household.key)
    home = watched_over(command.household, before, r.today, command.by)
    if command.based_on and command.based_on != version_of(before):
        return "edited_meanwhile"
    if is_erased(before):
        return "is_erased"
    flaws = home_flaws(home, now.year, r.has_area)
    if flaws:
        return Refused("bad_case_file", tuple(f"{field}|{word}" for field, word in flaws))
    return [HouseholdSaved(household=home, before=before)] if home != before else []


def _import(r: Register, command: ImportHouseholds, now: datetime) -> Judged:
    changes, refused, reasons = importing.judge(r, command, now)
    return Refused(refused, reasons) if refused else changes


def _note(r: Register, command: NoteInstallation, now: datetime) -> Judged:
    if command.step is InstallationStep.HANDED_OVER:
        return "stage_not_allowed"
    if r.household(command.household) is None:
        return "unknown_home"
    if command.step is InstallationStep.CONSENT and not command.text.strip():
        return "who_signed"
    return [_with_step(r, command.household, command.step, StepDone(now, command.by, command.text.strip()[:500]))]


def _hand_over(r: Register, command: HandOverHome, now: datetime) -> Judged:
    if r.household(command.household) is None:
        return "unknown_home"
    devices = [d for d in r.all_of(command.household) if d.status is ACTIVE]
    if not devices:
        return "no_devices"
    if any(d.stage not in {DeviceStage.TESTED, DeviceStage.ARMED} for d in devices):
        return "not_tested"
    done = r.installation(command.household).steps
    missing = [step for step in needs(devices) if step not in done]
    if missing:
        return f"missing_{missing[0].value}"
    armed = [
        DeviceSaved(device=msgspec.structs.replace(d, stage=DeviceStage.ARMED), before=d)
        for d in devices
        if d.stage is not DeviceStage.ARMED
    ]
    over = StepDone(now, command.by, command.note.strip()[:500])
    return [_with_step(r, command.household, InstallationStep.HANDED_OVER, over), *armed]


def needs(devices: list[Device]) -> tuple[InstallationStep, ...]:
    """What must be done beside the tests before a home with these devices is handed over."""
    hub = any(d.role == "hub" for d in devices)
    return (*stages.HAND_OVER_NEEDS, InstallationStep.POWER_CUT) if hub else stages.HAND_OVER_NEEDS


def _with_step(r: Register, household: str, step: InstallationStep, done: StepDone) -> InstallationSaved:
    before = r.installation(household)
    after = msgspec.structs.replace(before, steps={**before.steps, step: done})
    return InstallationSaved(installation=after, before=before if before.steps else None)


_JUDGES: dict[type, Callable[..., Judged]] = {
    EnrolDevice: _enrol,
    PlaceDevice: _place,
    RenameDevice: _rename,
    SwapDevice: _swap,
    TakeDownDevice: _take_down,
    RetireDevice: _retire,
    SetDeviceKey: _set_key,
    TakeInstallCode: _take_code,
    StageDevice: _stage,
    SaveBridge: _save_bridge,
    RevokeBridge: _revoke,
    SaveHousehold: _save_household,
    ImportHouseholds: _import,
    NoteInstallation: _note,
    HandOverHome: _hand_over,
    **assessing.JUDGES,
    **leaving.JUDGES,
    **repairing.JUDGES,
    **peering.JUDGES,
    **organising.JUDGES,
    **staffing.JUDGES,
    **accounts.JUDGES,
    **grounds.JUDGES,
}
