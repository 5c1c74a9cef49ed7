"""What screens may ask of the gateway, and the answers of a running one."""
