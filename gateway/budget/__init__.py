"""The Desk's side for the budget of false inactivity alarms."""
