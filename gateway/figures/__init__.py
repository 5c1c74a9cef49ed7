"""The Desk's side for the figures of the service."""
