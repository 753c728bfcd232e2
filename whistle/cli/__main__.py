"""`python -m whistle.cli`: what the command `whistle` runs."""

from whistle.cli import main

main()
