"""What to do about each thing that can be wrong with the system; English words, translated in the catalogues."""

from __future__ import annotations

from dashboard.words import mark

HEARTBEAT = mark("Set heartbeat_url in the settings to a watch outside of this building.")
FILL = mark("Fill the gap on the page of duty.")

REMEDIES: dict[str, str] = {
    "canary": mark("Telephone the homes of the highest risk; then look at the broker and restart the gateway."),
    "broker": mark("Look whether mosquitto runs and is reached from here; see broker_host in the settings."),
    "store": mark("Look for room on the disk, then at the database; alarms go on ringing meanwhile."),
    "store_unopened": mark("Put the store back from a back-up, or bring its server back: it goes over by itself."),
    "auditor": mark("Restart the gateway at a quiet moment, and send its log to whoever maintains it."),
    "audit_found": mark("Open its incident and do what it says."),
    "writer": mark("Send the log to whoever maintains it: one message could not be judged."),
    "writer_lag": mark("Look what else this machine is doing, and whether a device floods it."),
    "loop_lag": mark("Look what else this machine is doing; close pages that nobody needs."),
    "clock_step": mark("Set up a time service (NTP) on this machine that moves the clock gently."),
    "no_duty_phone": mark("Set at least one duty telephone: duty_phones in the settings."),
    "duty_phone": mark("Send it a test on the page of channels, and look at its error there."),
    "bad_plans": mark("Open the page of duty and save plans and roster anew."),
    "no_cover": FILL,
    "provider": mark("Send a test on the page of channels; look at the account and its balance at the provider."),
    "telemetry_behind": mark("Look whether the time-series store runs; nothing is lost, it catches up."),
    "telemetry_refused": mark("Look at influx_token and influx_bucket in the settings."),
    "cannot_audit": mark("Wait for the store; should it stay, restart the gateway."),
    "push_failing": mark("Open the page of exchange and ask whoever runs the other system."),
    "canary_off": mark("Set canary_username and canary_password in the settings."),
    "heartbeat": HEARTBEAT,
    "continuity_off": mark("Set continuity_passphrase in the settings, and give it to whoever leads a shift."),
    "continuity_failed": mark("Look for room and rights in the folder of the pack."),
    "backup_off": mark("Set backup_folder (on another disk) and backup_passphrase in the settings."),
    "backup_failed": mark("Look for room and rights in the folder of back-ups; the log says what was wrong."),
    "snapshot_failed": mark("Look for room and rights in the folder of the snapshot."),
}
"""By the gateway's own words."""

ATTEND = mark("Somebody signs in at a console and starts the shift, with sound.")
BACK_UP = mark("It is written each night. Look for room and rights in its folder.")
DISK = mark("Make room: old logs and copies first. Without room nothing is recorded.")
SNAPSHOT = mark("It is written each hour. Look for room and rights in its folder.")
