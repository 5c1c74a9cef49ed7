"""Does a press come through? How the gateway itself is."""
