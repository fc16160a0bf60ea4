"""Each test of the JSON interface begins with nothing counted, as a new process does."""

import pytest

from shop.web.api.pace import forget_counts


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    forget_counts()
