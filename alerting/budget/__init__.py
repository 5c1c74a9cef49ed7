"""How many false inactivity alarms the city accepts, what it spends, and the one price that follows."""
