"""Fixtures of page tests that many modules use."""

from tests.web.reporters import reporter, street  # noqa: F401
