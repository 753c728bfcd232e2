"""The one place with SQL: tables by subject, the database behind them, and its migrations."""
