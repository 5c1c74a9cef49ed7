"""What is registered, changed while the gateway runs: who may ask for what, and what comes of it."""
