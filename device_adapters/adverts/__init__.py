"""Bluetooth adverts: what one says, whichever gateway heard it."""
