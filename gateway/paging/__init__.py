"""The ways to people who are not at the desk, and their ways back."""
