"""The officer's side of a case: the one way to change it (`act`), what follows (`effects`), and how it is seen."""
