"""A plain program on the same ground: what a page of this size costs with Flask, a form, a session and one insert."""
