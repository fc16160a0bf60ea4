"""A backup is made while the shop is open, and comes back with every point and picture."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from shop import create_app
from shop.config import read_settings
from shop.extensions import db
from shop.queries.points.balance import balance_of
from shop.queries.points.ledger import check_everything
from tests.factories import MONDAY, give_points, make_member
from tests.servers import run_command

Environment = Mapping[str, str]


@pytest.fixture
def environment(shop_environment: dict[str, str], tmp_path: Path) -> Environment:
    """A shop in a folder of its own, on SQLite, migrated."""
    own = {**shop_environment, "INSTANCE_FOLDER": str(tmp_path / "instance"), "DATABASE_URL": ""}
    run_command("db", "upgrade", environment=own)
    return own


@pytest.fixture
def shop(environment: Environment) -> Iterator[Flask]:
    app = create_app(read_settings(environment), TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_backup_brings_points_and_pictures_back(
    shop: Flask, environment: Environment, tmp_path: Path
) -> None:
    member_id = make_member(points=680)
    media = shop.config["MEDIA_FOLDER"]
    media.mkdir(parents=True)
    (media / "tea.webp").write_bytes(b"a picture")
    run_command("backup", str(tmp_path / "shop.tar"), environment=environment)
    give_points(member_id, 320)
    (media / "tea.webp").unlink()
    close(shop)

    said = run_command("restore", str(tmp_path / "shop.tar"), "--replace", environment=environment)

    assert "kept as" in said
    assert balance_of(member_id, MONDAY).available == 680
    assert (media / "tea.webp").read_bytes() == b"a picture"
    assert not [finding for finding in check_everything() if finding.offenders]


def test_a_shop_with_members_is_not_replaced_by_accident(
    shop: Flask, environment: Environment, tmp_path: Path
) -> None:
    run_command("backup", str(tmp_path / "empty.tar"), environment=environment)
    member_id = make_member(points=680)
    close(shop)

    with pytest.raises(RuntimeError, match="--replace"):
        run_command("restore", str(tmp_path / "empty.tar"), environment=environment)

    assert balance_of(member_id, MONDAY).available == 680


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\0" * 2048])
def test_a_file_that_is_no_backup_changes_nothing(
    shop: Flask, environment: Environment, tmp_path: Path, content: bytes
) -> None:
    member_id = make_member(points=680)
    close(shop)
    (tmp_path / "broken.tar").write_bytes(content)

    with pytest.raises(RuntimeError, match="nothing was changed"):
        run_command("restore", str(tmp_path / "broken.tar"), "--replace", environment=environment)

    assert balance_of(member_id, MONDAY).available == 680


def close(shop: Flask) -> None:
    """The shop is not running while a backup takes its place."""
    with shop.app_context():
        db.session.remove()
        db.engine.dispose()
