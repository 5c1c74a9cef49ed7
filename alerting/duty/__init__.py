"""Who is called when nobody takes an incident: plans, rosters, the climb."""
