"""Here the slow hashes are as slow as they are in an office: formats and known answers hang on their cost."""

from collections.abc import Iterator

import pytest

from whistle.vault import passwords, receipts

#: Read at import, before anything makes them quick.
REAL = {module: (module.MEMORY_KIB, module.ITERATIONS) for module in (passwords, receipts)}


@pytest.fixture(autouse=True)
def real_hashes(quick_hashes: None) -> Iterator[None]:
    """The parameters that vault.md fixes."""
    with pytest.MonkeyPatch.context() as patch:
        for module, (memory, iterations) in REAL.items():
            patch.setattr(module, "MEMORY_KIB", memory)
            patch.setattr(module, "ITERATIONS", iterations)
        yield
