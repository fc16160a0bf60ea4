"""The test of the test: bugs that are planted into the shop are found by the machine."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from tests.model import planted
from tests.model.orders import Shop
from tests.model.slates import slate_for
from tests.model.test_machine import SAME_EVERY_TIME

EXAMPLES_MAX = 150
QUICK = settings(
    SAME_EVERY_TIME, max_examples=EXAMPLES_MAX, phases=(Phase.generate,), report_multiple_bugs=False
)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("plant", planted.BUGS, ids=lambda plant: plant.__name__)
def test_machine_finds_a_planted_bug(plant, shared_app, database, monkeypatch):
    # The stories are told in many zones; the shop goes on in its own.
    monkeypatch.setitem(shared_app.config, "SHOP_ZONE", shared_app.config["SHOP_ZONE"])
    with shared_app.app_context():
        renew = slate_for(database)
        plant(monkeypatch)

        with pytest.raises((AssertionError, IntegrityError)):
            run_state_machine_as_test(lambda: Shop(renew), settings=QUICK)
