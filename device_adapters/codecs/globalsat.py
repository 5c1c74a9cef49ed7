"""GlobalSat trackers (LT-100, LT-501, LS series): format, GPS fix and kind of report, battery, place; big-endian.

Source: GlobalSat's report format. A help report is the pressed SOS key.
"""

from __future__ import annotations

from device_adapters.codecs.frames import Codec, at_least, battery_percent, place, signed_be
from device_adapters.signals import AnySignal, Battery, Fall, Fault, Movement, Panic

_KIND = 0x3F
_FIXED = 6
_REPORTS: dict[int, tuple[AnySignal, ...]] = {
    5: (Movement(state="moving"),),
    6: (Movement(state="start"),),
    7: (Movement(state="end"),),
    14: (Panic(subtype="help"),),
    15: (Battery(low=True),),
    19: (Fault(code="shutdown"),),
    20: (Fault(code="shutdown"),),
    24: (Fall(subtype="advisory"),),
}


def _decode(_f_port: int, frame: bytes) -> list[AnySignal]:
    at_least(frame, 3)
    signals: list[AnySignal] = [*_REPORTS.get(frame[1] & _KIND, ()), *battery_percent(frame[2])]
    if frame[1] >> _FIXED and len(frame) >= 11:  # noqa: PLR2004
        signals.append(place(signed_be(frame[3:7]) / 1e6, signed_be(frame[7:11]) / 1e6))
    return signals


CODECS = (
    Codec(
        vendor="GlobalSat",
        model="LT-100, LT-501",
        also=("Globalsat WorldCom", "GlobalSat WorldCom Corporation"),
        every_model=True,
        decode=_decode,
        urgent=True,
        says=("panic", "fall", "movement", "location", "battery", "fault"),
    ),
)
