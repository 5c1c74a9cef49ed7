"""Words for pages and telephone calls: why one was not sent, what became of it."""

from __future__ import annotations

from dashboard.words import mark

PAGE_ERRORS: dict[str, str] = {
    "not_taken": mark("the channel did not take it"),
    "no_telephone": mark("no telephone or provider is set up for it"),
    "failed": mark("the channel failed"),
    "hangs": mark("the channel does not answer"),
    "too_late": mark("its time was over"),
    "person_left": mark("this person is not called any more"),
    "provider_down": mark("the provider cannot be reached"),
    "provider_silent": mark("the provider does not answer"),
    "throttled": mark("the provider takes no more just now"),
    "refused": mark("the provider refuses it"),
    "not_carried": mark("the provider does not carry this"),
    "bad_number": mark("this is no telephone number"),
    "off": mark("switched off"),
    "busy": mark("Engaged"),
    "no_answer": mark("No answer"),
    "rejected": mark("call rejected"),
    "unreachable": mark("out of reach"),
    "not_delivered": mark("the network could not deliver it"),
}

CALL_RESULTS: dict[str, str] = {
    "well": mark("Is well"),
    "help": mark("Needs help"),
    "spoke": mark("Spoke"),
    "no_answer": mark("No answer"),
    "busy": mark("Engaged"),
}

CALL_STATES: dict[str, str] = {
    **CALL_RESULTS,
    "ringing": mark("ringing"),
    "answered": mark("being spoken"),
    "ended": mark("over"),
    "failed": mark("failed"),
}
