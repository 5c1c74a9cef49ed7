"""What people at the command line can have got wrong."""

from __future__ import annotations

NOT_RECORDED = 3
"""Exit status when the running gateway has taken what was asked and its store has not."""


class UsageError(Exception):
    """Wrong arguments or settings; the message is one line that says what and how to mend it. Exit status 2."""
