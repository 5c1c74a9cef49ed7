"""What signals mean and what to do about it. Pure: no I/O, clock or random number; time is an argument."""
