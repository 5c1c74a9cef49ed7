"""``nuanhu crash-test``: gateway and broker are killed again and again while people press. docs/crash-test.md."""
