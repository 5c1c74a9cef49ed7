"""The Desk's side for care: visits and calls that are owed, and those that were made."""
