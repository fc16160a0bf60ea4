"""What others made stands in the repository unchanged, with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = (ROOT / "docs" / "third-party.md").read_text()
ROWS = re.findall(r"^\| `(shop/static/[^`]+)` \|.*?`([0-9a-f]{64})`", LIST, re.MULTILINE)


def sum_of(path: str) -> str:
    """SHA-256 of one file; of a folder, of its sorted list of sums and names."""
    if "*" not in path:
        return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(ROOT.glob(path))
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(("path", "expected"), ROWS)
def test_vendored_file_is_the_one_that_is_listed(path, expected):
    assert sum_of(path) == expected


def test_every_vendored_script_and_font_is_listed():
    listed = {path for path, _ in ROWS}

    found = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("vendor/*", "fonts/*.woff2")
        for path in (ROOT / "shop" / "static").glob(pattern)
    }

    assert found <= listed
