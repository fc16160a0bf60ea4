"""The rules of points in plain words, for everyone: generated from the rulebook in force."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from shop.clock import now
from shop.errors import NotFound
from shop.queries.points.rulebook import rulebook_versions
from shop.web.rulebook_words import changes_in_words, sections_of, ways_to_earn

bp = Blueprint("rules", __name__, url_prefix="/rules")


@bp.get("")
def show() -> ResponseReturnValue:
    """The rules in force, or those of an earlier ``version``, and what each version changed."""
    moment = now()
    versions = rulebook_versions(moment)
    wanted = request.args.get("version", type=int)
    shown = next(
        (each for each in versions if (each.version == wanted if wanted else each.is_in_force)), None
    )
    if shown is None:
        raise NotFound
    return render_template(
        "rules/show.html",
        shown=shown,
        versions=versions,
        ways=ways_to_earn(shown.rulebook),
        sections=sections_of(shown.rulebook, moment),
        changes={
            each.version: changes_in_words(each.before, each.rulebook)
            for each in versions
            if each.before is not None
        },
    )
