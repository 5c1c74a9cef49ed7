"""Drills of communications on the Desk's side."""
