"""How long a home may be silent: its rhythm, its limits."""
