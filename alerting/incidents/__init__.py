"""The life of an incident: from its first alarm to its closing."""
