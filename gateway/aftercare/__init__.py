"""What comes after an incident, as screens ask for it: follow-up calls and notes of a case file."""
