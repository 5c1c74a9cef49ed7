"""Words of screens about devices and their installation. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.casefile import DeviceStage, DeviceStatus, InstallationStep
from dashboard.words import mark

DEVICE_STATUSES: dict[DeviceStatus, str] = {
    DeviceStatus.ACTIVE: mark("In use"),
    DeviceStatus.MOVED: mark("Moved"),
    DeviceStatus.RETIRED: mark("Retired"),
}

STAGES: dict[DeviceStage, str] = {
    DeviceStage.REGISTERED: mark("registered"),
    DeviceStage.INSTALLED: mark("installed"),
    DeviceStage.TESTED: mark("tested"),
    DeviceStage.ARMED: mark("armed"),
}

STEPS: dict[InstallationStep, str] = {
    InstallationStep.ORDERED: mark("work ordered"),
    InstallationStep.CONTACTS: mark("contacts called"),
    InstallationStep.ACCESS: mark("key and door recorded"),
    InstallationStep.CONSENT: mark("consent signed"),
    InstallationStep.POWER_CUT: mark("power-cut test"),
    InstallationStep.HANDED_OVER: mark("handed over"),
}

REFUSALS: dict[str, str] = {
    "taken": mark("This device is registered already."),
    "id_taken": mark("Another device has this registry id."),
    "on_other_bridge": mark("This device is registered on another bridge. Move it, or retire it there first."),
    "unknown_home": mark("There is no such home."),
    "unknown_bridge": mark("There is no such bridge."),
    "unknown_device": mark("There is no such device."),
    "unknown_area": mark("There is no such area."),
    "retired": mark("This device is retired. Register it anew to use it again."),
    "moved": mark("This device has been taken down. Place it first."),
    "bridge_elsewhere": mark("This bridge is for homes of another area."),
    "bridge_revoked": mark("This bridge has been revoked."),
    "prefix_taken": mark("Another bridge owns this topic prefix."),
    "prefix_overlaps": mark("This topic prefix lies above or below another bridge's."),
    "prefix_stays": mark("The topic prefix of a bridge does not change."),
    "bad_prefix": mark("This cannot be a topic prefix."),
    "stage_not_allowed": mark("The installation is not that far yet: one stage after the other."),
    "not_tested": mark("Not every device has been tested yet."),
    "no_devices": mark("This home has no devices yet."),
    "missing_contacts": mark("The contacts have not been called yet."),
    "missing_access": mark("Key and door have not been recorded yet."),
    "missing_consent": mark("The consent has not been signed yet."),
    "missing_power_cut": mark("The power-cut test has not been done yet."),
    "who_signed": mark("Say who signed."),
    "bad_name": mark("This name cannot be used: letters, digits and ._- only."),
    "bad_text": mark("This text cannot be used."),
    "bad_role": mark("This kind of device or room is not known."),
    "bad_height": mark("The height must be 0 to 1000 cm."),
    "bad_value": mark("This value cannot be used."),
    "no_adapter": mark("There is no adapter of this name."),
    "not_taken": mark("Nobody had taken this fault."),
    "bad_plan": mark("A visit is planned for a day to come, within two months."),
    "no_install_code": mark("There is no install code to show: it is shown once."),
}
"""Why the registry did not do what was asked."""

LABEL_KINDS: dict[str, str] = {
    "lorawan": mark("LoRaWAN device number"),
    "zigbee": mark("Zigbee device number"),
    "eui64": mark("Device number (EUI-64)"),
    "imei": mark("Device number (IMEI)"),
    "iccid": mark("SIM card number"),
    "mac": mark("MAC address"),
    "serial": mark("Serial number"),
    "product": mark("Product code"),
}
"""What the code on a label is."""

AVOIDED: dict[str, str] = {
    "pet": mark("pets"),
    "window": mark("window"),
    "sun": mark("direct sun"),
    "heating": mark("heating or air conditioning"),
    "curtain": mark("moving curtain"),
    "road": mark("road or passers-by"),
    "neighbour": mark("the neighbour's home"),
}
"""What a sensor may have to be turned away from."""

REGISTRY_CHANGES: dict[str, str] = {
    "enrol_device": mark("registered"),
    "place_device": mark("placed"),
    "rename_device": mark("renamed"),
    "swap_device": mark("swapped"),
    "take_down_device": mark("taken down"),
    "retire_device": mark("retired"),
    "set_device_key": mark("bind key set"),
    "take_install_code": mark("install code shown for pairing"),
    "stage_device": mark("stage changed"),
    "hand_over_home": mark("handed over"),
    "revoke_bridge": mark("its bridge was revoked"),
}
"""What was done, in the history of a device."""

SIGNAL_KINDS: dict[str, str] = {
    "motion": mark("Motion"),
    "presence": mark("Presence"),
    "contact": mark("Contact"),
    "button": mark("Button"),
    "panic": mark("Emergency"),
    "fall": mark("Fall"),
    "alarm": mark("Alarm"),
    "movement": mark("Device moved"),
    "tamper": mark("Tamper"),
    "battery": mark("Battery"),
    "location": mark("Location"),
    "link": mark("Signal"),
    "heartbeat": mark("Sign of life"),
    "availability": mark("Reachable"),
    "fault": mark("Fault"),
    "test": mark("Test"),
    "provisioning": mark("Pairing"),
    "device_info": mark("Device facts"),
}
"""What a device says."""

ON_THE_PAGE: dict[str, str] = {
    "no_photo": mark("This picture cannot be opened. Try another one, or type what is on the label."),
    "bad_key": mark("A bind key has 32 digits (older makes 24), each 0-9 or a-f."),
    "no_code": mark("No code was found in the picture. Go closer, avoid glare, or type what is on the label."),
}
"""Why the installer's page cannot go on."""

SAID: dict[str, str] = {
    "active": mark("yes"),
    "clear": mark("no longer"),
    "detected": mark("detected"),
    "open": mark("opened"),
    "closed": mark("shut"),
    "press": mark("pressed"),
    "True": mark("yes"),
    "False": mark("no"),
}
"""Values of what an unregistered device says."""
