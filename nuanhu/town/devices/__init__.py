"""How devices of each make speak: what a movement or a press becomes on the wire."""
