"""What a device said: bytes of one make of device in, signals out. Pure."""
