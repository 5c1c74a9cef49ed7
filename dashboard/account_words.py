"""The English words of accounts: what each role means, and why one is not changed; translated in the catalogues."""

from __future__ import annotations

from alerting.casefile import Role
from dashboard.words import mark

MEANINGS: dict[Role, str] = {
    Role.OPERATOR: mark(
        "Answers calls for help at a console, from the first ring to closing; reads the case files that go with them."
    ),
    Role.RESPONDER: mark(
        "Goes there: sees on the telephone what they were sent to, and the visits they owe. Belongs to an entry of the "
        "register of who can be sent."
    ),
    Role.INSTALLER: mark("Fits and tests devices and hands homes over; sees no case file and no incident."),
    Role.SUPERVISOR: mark(
        "Answers for the service: register, plans, duty, drills, budget and figures; is the second person of a closing."
    ),
    Role.ADMINISTRATOR: mark(
        "Everything, and besides: accounts, areas, channels, values and the system itself. Keep them few."
    ),
}

ACTS: dict[str, str] = {
    "save_account": mark("made or changed"),
    "set_password": mark("new password"),
    "shut_account": mark("account shut"),
}

OF_THE_REGISTER: dict[str, str] = {
    "unknown_account": mark("There is no such account in your area."),
    "login_taken": mark("There is an account with this login already."),
    "bad_login": mark("A login is 2 to 32 small letters, digits, dots or dashes and begins with a letter or digit."),
    "bad_account_name": mark("A person's name is needed, of at most 40 characters."),
    "bad_account_number": mark("This is not a telephone number: digits, blanks and dashes."),
    "needs_responder": mark("Whoever goes there needs their entry of the register of who can be sent."),
    "not_yours_to_give": mark("Nobody gives more than they have: only administrators change accounts, of their area."),
    "own_account": mark("Nobody takes their own role or area away, or shuts themselves: ask another administrator."),
    "last_administrator": mark("This is the last administrator: somebody must be left who can give accounts."),
    "account_shut": mark("This account is shut."),
    "bad_password": mark("This password or language cannot be used."),
}

REFUSALS: dict[str, str] = OF_THE_REGISTER | {
    "wrong_password": mark("The present password is not right."),
    "wait_password": mark("Too many wrong passwords. Wait a minute and try again."),
    "short_password": mark("A password has at least 10 characters, and at most 128."),
    "weak_password": mark("A password must not be the login or the name, nor one character again and again."),
    "same_password": mark("The new password is the one of before."),
    "password_twice": mark("The two new passwords differ."),
}
