"""LoRaWAN network servers: they wrap a radio frame that a codec reads."""
