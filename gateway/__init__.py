"""The running system: MQTT, the one writer, journal and registry, telemetry, clock, health. All I/O is here."""
