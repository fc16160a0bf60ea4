"""The processes of a running shop: the supervisor keeps gunicorn and the job worker alive and closes both cleanly."""

import os
import subprocess
import sys

import pytest

from tests.servers import ROOT, run_command

pytestmark = pytest.mark.server
on_one_database = pytest.mark.only_on("sqlite")  # the supervisor knows nothing of databases


@on_one_database
def test_killed_web_server_comes_back_on_the_same_port(live_server):
    killed = live_server.kill_web_server()

    live_server.wait_for_log("the web server ended")
    live_server.wait_until_open()
    assert killed >= 2  # gunicorn and its workers


@on_one_database
def test_killed_job_worker_is_started_again(live_server):
    killed = live_server.kill_job_worker()

    live_server.wait_for_log("the job worker ended")
    live_server.wait_for_job_worker()
    assert killed == 1


@on_one_database
def test_shop_closes_cleanly_when_told_to(live_server):
    status = live_server.stop()

    assert status == 0
    assert "did not stop" not in live_server.log()
    assert "closed" in live_server.log()


@on_one_database
def test_shop_closes_when_told_many_times_at_once(live_server):
    assert live_server.stop(times=200) == 0


@on_one_database
def test_second_shop_on_the_same_port_says_so(live_server):
    second = subprocess.run(
        [sys.executable, "scripts/supervise.py"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(live_server.port)},
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )

    assert second.returncode == 1
    assert f"port {live_server.port} is already in use" in second.stdout


def test_tables_are_those_of_the_models(live_environment):
    answer = run_command("db", "check", environment=live_environment)

    assert "No new upgrade operations detected" in answer


def test_production_refuses_to_start_without_its_settings(shop_environment):
    naked = {**shop_environment, "SHOP_ENV": "production", "SECRET_KEY": "", "DATA_KEY": "", "SHOP_URL": ""}

    with pytest.raises(RuntimeError) as refusal:
        run_command("routes", environment=naked)

    assert "SECRET_KEY is required in production" in str(refusal.value)
    assert "Traceback" not in str(refusal.value)
