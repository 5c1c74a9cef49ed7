"""One household: its step, its equipment, what could be heard of it."""
