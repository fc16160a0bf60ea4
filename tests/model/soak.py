"""``make soak``: the state machine for as long as you like, round after round from ever new seeds.

A failure ends it: Hypothesis prints the shortest story it can find, and the last line says how to run that round again.
"""

import argparse
import base64
import secrets
import sys
import tempfile
import time

from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from shop import create_app
from shop.config import read_settings
from tests.databases import postgres_database, sqlite_database
from tests.model.orders import Shop
from tests.model.slates import slate_for
from tests.model.test_machine import SAME_EVERY_TIME, STEPS
from tests.servers import run_command

DATABASES = {"sqlite": sqlite_database, "postgresql": postgres_database}
EXAMPLES_OF_A_ROUND = 100
SEEDS = 2**32


def main():
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "SHOP_ENV": "development",
            "SECRET_KEY": secrets.token_hex(),
            "DATA_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "INSTANCE_FOLDER": folder,
            "SHOP_TIMEZONE": "Asia/Shanghai",
        }

        def migrate(url):
            run_command("db", "upgrade", environment={**environment, "DATABASE_URL": url})

        with DATABASES[asked.database](migrate) as database:
            app = create_app(read_settings({**environment, "DATABASE_URL": database.url}), TESTING=True)
            with app.app_context():
                _soak(slate_for(database.url), asked)


def _soak(renew, asked):
    ends = time.monotonic() + asked.minutes * 60
    rounds = 0
    while rounds == 0 or (asked.seed is None and time.monotonic() < ends):
        rounds += 1
        number = secrets.randbelow(SEEDS) if asked.seed is None else asked.seed
        machine = seed(number)(lambda: Shop(renew))
        chosen = settings(SAME_EVERY_TIME, derandomize=False, max_examples=EXAMPLES_OF_A_ROUND)
        try:
            run_state_machine_as_test(machine, settings=chosen)
        except BaseException:
            _say(f"round {rounds} failed; again: make soak SEED={number} DATABASE={asked.database}")
            raise
        _say(f"round {rounds}, seed {number}: {EXAMPLES_OF_A_ROUND} stories of {STEPS} steps agree")


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to go on (default: 10)")
    parser.add_argument("--seed", type=int, help="run one round again")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    return parser.parse_args()


def _say(line):
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
