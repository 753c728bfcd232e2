"""What the product costs, measured: `python -m benchmarks` prints a table and writes `docs/benchmarks.md`.

Everything is asked over HTTP of the server as it runs in production, on an instance made for the purpose.
"""
