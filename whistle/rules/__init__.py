"""The law as tables: pure data and pure functions, readable without a database."""
