"""Hubs, firmwares and conventions that speak MQTT themselves."""
