"""What people at the command line can have got wrong."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong arguments or settings; the message is one line that says what and how to mend it. Exit status 2."""
