"""The one writer: from a message or a command to durable decisions."""
