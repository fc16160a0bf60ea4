"""The simulator's pages: asked for, watched, stopped and read."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from shop.extensions import db
from shop.models import Simulation
from shop.rules.rulebook import rulebook_document
from shop.services.points.publishing import save_draft
from shop.services.points.simulating import run_simulations
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, ensure_rulebook
from tests.services.points.test_simulating import END, LIVE, tell_a_history


def start(client, days="90"):
    return client.post("/merchant/rulebook/simulations", data={"days": days})


def draft(rulebook):
    save_draft(rulebook_document(rulebook), staff_id=None, now=MONDAY)


def test_draft_is_tried_and_live_and_draft_stand_side_by_side(app, as_staff, clock):
    tell_a_history()
    draft(replace(LIVE, earning=replace(LIVE.earning, per_cents=200)))
    clock.stand_at(END)
    client = as_staff("editor")

    run = start(client).location

    waiting = client.get(run).text
    assert "排队中" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert client.fragment(run).status_code == 200
    run_simulations(END)
    done = client.get(run).text
    assert "3 位会少得" in done
    assert "林小满" in done
    assert client.fragment(run).status_code == 286


@pytest.mark.parametrize(("permille", "said"), [(0, "正在翻过去 90 天的记录"), (420, "已经算了 42%")])
def test_a_run_says_what_it_is_at(app, as_staff, permille, said):
    ensure_rulebook()
    draft(AT_ONCE)
    client = as_staff()
    run = start(client).location
    with transaction() as session:
        session.execute(update(Simulation).values(state="running", progress_permille=permille))

    assert said in client.get(run).text


def test_run_is_stopped(app, as_staff):
    ensure_rulebook()
    draft(AT_ONCE)
    client = as_staff()
    run = start(client).location

    client.post(f"{run}/cancellation")

    assert "停下来了" in client.get(run).text


@pytest.mark.parametrize("days", ["", "7", "90.0", "９０", "-90", "1e9"])
def test_other_spans_are_refused(app, as_staff, days):
    ensure_rulebook()
    draft(AT_ONCE)

    assert start(as_staff(), days).status_code in (303, 422)
    assert as_staff().get("/merchant/rulebook/simulations/1").status_code == 404


def test_without_a_draft_nothing_runs(app, as_staff):
    ensure_rulebook()

    start(as_staff())

    assert as_staff().get("/merchant/rulebook/simulations/1").status_code == 404


def test_shop_in_which_nothing_happened_is_told_so(app, as_staff, clock):
    ensure_rulebook()
    draft(AT_ONCE)
    clock.stand_at(END)
    client = as_staff()
    run = start(client).location

    run_simulations(END)

    page = client.get(run).text
    assert "过去 90 天没有往来" in page
    assert "发出积分" not in page


def test_run_that_failed_leads_back_to_the_draft(app, as_staff):
    ensure_rulebook()
    draft(AT_ONCE)
    client = as_staff()
    run = start(client).location
    db.session.execute(update(Simulation).values(state="failed", ended_at=END))
    db.session.commit()

    page = client.get(run).text
    assert "没有算完" in page
    assert "回草稿再试一次" in page
