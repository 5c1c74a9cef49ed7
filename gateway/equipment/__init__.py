"""What screens may ask about equipment: test mode, the ledger of tests, faults, protected homes."""
