"""What the product does: one use case a function, one transaction each."""
