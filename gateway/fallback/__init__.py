"""What is kept outside the store for the hour in which it is not there."""
