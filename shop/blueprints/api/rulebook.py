"""The rulebook: read, written as a draft, published."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import (
    DraftMissing,
    KeyReused,
    NotFound,
    NoticeTooShort,
    PointsKindInUse,
    PublicationTooEarly,
    RulebookRefused,
    SecondPersonNeeded,
)
from shop.forms.api.rulebook import PublicationBody, SimulationBody
from shop.queries.points.rulebook import faults_of, rulebook_draft, rulebook_version, rulebook_versions
from shop.queries.points.simulations import simulation
from shop.services.points.publishing import publish_draft, save_draft
from shop.services.points.simulating import request_simulation
from shop.web.api.answers.rulebook import (
    Rulebook,
    RulebookDraft,
    RulebookSimulation,
    RulebookVersion,
    rulebook_answer,
    simulation_answer,
    version_answer,
)
from shop.web.api.calls import Call
from shop.web.api.schemas import schema_of_rulebook


@call(
    Call(
        name="show_rulebook",
        method="GET",
        path="/rulebook",
        area="rulebook",
        scope="rulebook:read",
        summary=_l("看在用的规则册"),
        answer=Rulebook,
        problems=(NotFound,),
    )
)
def show(caller: Caller) -> Reply:
    """The version in force, and every version."""
    versions = rulebook_versions(caller.now)
    current = next((each for each in versions if each.is_in_force), None)
    if current is None:
        raise NotFound
    return Reply(rulebook_answer(current, versions))


@call(
    Call(
        name="show_rulebook_schema",
        method="GET",
        path="/rulebook/schema",
        area="rulebook",
        scope="rulebook:read",
        summary=_l("规则册的 JSON Schema"),
    )
)
def schema(_caller: Caller) -> Reply:
    """What a document may contain."""
    return Reply(schema_of_rulebook())


@call(
    Call(
        name="save_rulebook_draft",
        method="PUT",
        path="/rulebook/draft",
        area="rulebook",
        scope="rulebook:write",
        summary=_l("存规则草稿"),
        says=_l("整本规则作为正文。有一处不对就整份不收，逐处说明，原来的草稿不动。"),
        takes_any_object=True,
        example_body="$RULEBOOK",
        answer=RulebookDraft,
        repeats="by_itself",
        problems=(RulebookRefused,),
    )
)
def save(caller: Caller, body: Mapping[str, Any]) -> Reply:
    """Keep a document as the draft.  One with faults is refused whole; the draft of before stays."""
    if faults := faults_of(body):
        raise RulebookRefused(faults)
    save_draft(body, staff_id=None, now=caller.now)
    draft = rulebook_draft()
    assert draft is not None, "a draft was kept a moment ago"
    return Reply(RulebookDraft(document=draft.document, saved_at=draft.updated_at))


@call(
    Call(
        name="simulate_rulebook",
        method="POST",
        path="/rulebook/simulations",
        area="rulebook",
        scope="rulebook:write",
        summary=_l("用过去的往来试算草稿"),
        says=_l("在后台算，不动任何人的积分。过一会儿用试算号来看结果。"),
        body=SimulationBody,
        answer=RulebookSimulation,
        status=201,
        repeats="key",
        problems=(DraftMissing, RulebookRefused, KeyReused),
        gives={"SIMULATION": "id"},
    )
)
def simulate(caller: Caller, body: SimulationBody) -> Reply:
    """Start a run of the draft."""
    run = simulation(request_simulation(body.days, staff_id=None, now=caller.now))
    assert run is not None, "a run was asked for a moment ago"
    return Reply(simulation_answer(run))


@call(
    Call(
        name="show_simulation",
        method="GET",
        path="/rulebook/simulations/<int:simulation_id>",
        area="rulebook",
        scope="rulebook:read",
        summary=_l("看一次试算"),
        answer=RulebookSimulation,
        problems=(NotFound,),
        places={"simulation_id": "$SIMULATION"},
    )
)
def show_simulation(_caller: Caller, simulation_id: int) -> Reply:
    """A run, and its result once it is done."""
    run = simulation(simulation_id)
    if run is None:
        raise NotFound
    return Reply(simulation_answer(run))


@call(
    Call(
        name="publish_rulebook",
        method="POST",
        path="/rulebook/publications",
        area="rulebook",
        scope="rulebook:write",
        summary=_l("发布草稿"),
        says=_l("草稿成为下一版，马上生效，或者到 effective_at 那一刻生效。以前的流水不受影响。"),
        body=PublicationBody,
        answer=RulebookVersion,
        status=201,
        repeats="key",
        problems=(
            DraftMissing,
            RulebookRefused,
            PublicationTooEarly,
            NoticeTooShort,
            PointsKindInUse,
            SecondPersonNeeded,
            KeyReused,
        ),
    )
)
def publish(caller: Caller, body: PublicationBody) -> Reply:
    """Publish the draft as the next version."""
    version = publish_draft(
        effective_at=body.effective_at,
        staff_id=None,
        note=body.note or "",
        now=caller.now,
        key=f"api:{caller.key.id}:{caller.idempotency_key}",
    )
    published = rulebook_version(version, caller.now)
    assert published is not None, "a version was published a moment ago"
    return Reply(version_answer(published))
