"""Plain values in, bytes out: posters and other documents, testable by opening them again."""
