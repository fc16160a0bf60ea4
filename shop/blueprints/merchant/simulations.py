"""A draft tried on the shop's own history: started, watched, stopped and read."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from shop.clock import now
from shop.errors import InvalidInput, NotFound
from shop.queries.points.simulations import SimulationView, names_of, simulation
from shop.services.points.simulating import cancel_simulation, request_simulation
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.rendering import wants_fragment

CHOICES = (30, 90, 180, 365)

bp = Blueprint("merchant_simulations", __name__)


@bp.post("/rulebook/simulations")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Start a run of the draft over so many days."""
    typed = request.form.get("days", "")
    if not (typed.isascii() and typed.isdigit() and int(typed[:6]) in CHOICES):
        raise InvalidInput
    simulation_id = request_simulation(int(typed), staff_id=current_user.id, now=now())
    return redirect(url_for(".show", simulation_id=simulation_id), 303)


@bp.get("/rulebook/simulations/<int:simulation_id>")
@roles(OWNER, EDITOR)
def show(simulation_id: int) -> ResponseReturnValue:
    """A run: its progress while it works, then live and draft side by side."""
    found = simulation(simulation_id)
    if found is None:
        raise NotFound
    if wants_fragment():
        return render_template("merchant/simulations/_run.html", **_context(found)), _status(found)
    return render_template("merchant/simulations/show.html", **_context(found))


@bp.post("/rulebook/simulations/<int:simulation_id>/cancellation")
@roles(OWNER, EDITOR)
def cancel(simulation_id: int) -> ResponseReturnValue:
    """Stop a run."""
    cancel_simulation(simulation_id, now())
    return redirect(url_for(".show", simulation_id=simulation_id), 303)


def _status(found: SimulationView) -> int:
    """286 tells htmx to stop asking."""
    return 286 if found.is_over else 200


def _context(found: SimulationView) -> dict[str, Any]:
    result = found.result
    if result is None:
        return {"run": found, "result": None}
    shown = [change["member_id"] for side in ("winners", "losers") for change in result[side]]
    weeks = [date.fromisoformat(week["monday"]) for week in result["weeks"]]
    return {"run": found, "result": result, "names": names_of(shown), "weeks": weeks}
