"""How good is detection? One home's log through the rules that run live, and through what others do."""
