"""The world outside, one small class each. Only services call them, never within a transaction."""
