"""What devices said, as points in a time-series store: a side stream that nothing else ever waits for."""
