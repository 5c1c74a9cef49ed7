"""Journal, state, incidents, timers, outbox and registry in SQL: SQLite by default, PostgreSQL for more."""
