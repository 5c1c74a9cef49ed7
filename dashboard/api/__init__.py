"""``/api/v1``: case files for other systems, to read and to write, and the news by cursor. docs/exchange.md."""
