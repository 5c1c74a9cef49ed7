"""Measurements: ratios in one run, with the machine and the command beside every figure."""
