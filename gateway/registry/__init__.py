"""What is registered: what screens may ask about it, and how broker accounts follow."""
