"""Keeping case files: consent, what is missing, what is to be looked at again, and how a household leaves."""
