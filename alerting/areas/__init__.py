"""Areas: one cause that reaches many homes."""
