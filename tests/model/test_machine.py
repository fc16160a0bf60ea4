"""The shop's books against a reference kept on paper: whatever happens in whatever order, they agree after every step."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from shop.extensions import db
from tests.model.orders import Shop
from tests.model.slates import slate_for

EXAMPLES = {"sqlite": 500, "postgresql": 100}
STEPS = 50
SAME_EVERY_TIME = settings(
    derandomize=True,
    stateful_step_count=STEPS,
    deadline=None,
    print_blob=False,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_books_and_paper_agree_after_every_step(app, database):
    renew = slate_for(database)
    examples = EXAMPLES[db.engine.dialect.name]

    run_state_machine_as_test(lambda: Shop(renew), settings=settings(SAME_EVERY_TIME, max_examples=examples))
