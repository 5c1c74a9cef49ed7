"""How well the service does, counted from the timelines of incidents and never typed in."""
