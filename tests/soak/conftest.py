"""Ten rounds of what the other tests try once: `python -m pytest tests/soak` takes some minutes.

No test is written twice: these are imported from their own modules.
"""

import pytest


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often what is left to chance is tried again."""
    return 10
