"""The front door: command line, composition root, benchmarks and the simulated town."""
