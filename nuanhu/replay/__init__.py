"""``nuanhu replay``: the journal once more through the rules."""
