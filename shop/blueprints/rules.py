"""The rules of points in plain words, for everyone: generated from the rulebook in force."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from shop.clock import now
from shop.errors import NotFound
from shop.queries.points.budgets import used_up_rules
from shop.queries.points.rulebook import PublishedRulebook, rulebook_versions
from shop.web.rulebook_words import changes_in_words, member_sections, news_sentences, ways_to_earn

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
        coming=_coming(versions),
        ways=ways_to_earn(shown.rulebook),
        sections=member_sections(shown.rulebook, moment),
        used_up=used_up_rules(moment) if shown.is_in_force else (),
        changes={
            each.version: changes_in_words(each.before, each.rulebook)
            for each in versions
            if each.before is not None
        },
    )


@bp.get("/versions/<int:version>")
def version(version: int) -> ResponseReturnValue:
    """What one version changes and from when: both texts side by side, with the examples that both rulebooks work out."""
    shown = next((each for each in rulebook_versions(now()) if each.version == version), None)
    if shown is None:
        raise NotFound
    before, moment = shown.before, shown.effective_at
    old = {each.code: each for each in member_sections(before, moment)} if before else {}
    pairs = [(old.get(section.code), section) for section in member_sections(shown.rulebook, moment)]
    return render_template(
        "rules/version.html",
        shown=shown,
        news=news_sentences(before, shown.rulebook) if before else (),
        changes=changes_in_words(before, shown.rulebook) if before else (),
        pairs=[(was, section) for was, section in pairs if was != section],
    )


def _coming(versions: tuple[PublishedRulebook, ...]) -> list[tuple[PublishedRulebook, tuple[str, ...]]]:
    """The versions that will follow, the next one first, with what they change."""
    scheduled = [each for each in reversed(versions) if each.state == "scheduled" and each.before is not None]
    return [
        (each, news_sentences(each.before, each.rulebook)) for each in scheduled if each.before is not None
    ]
