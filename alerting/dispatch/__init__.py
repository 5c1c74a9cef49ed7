"""Whoever is sent to a door: their jobs, stage by stage."""
