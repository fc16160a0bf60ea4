"""The first ten minutes: name, colours, rules, the first product; each step can be skipped and taken up again."""

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import PictureRefused, ShopError
from shop.forms.merchant.setting_up import FINDS, ColoursForm, FirstProductForm, NameForm, PresetForm
from shop.queries.merchant.setting_up import progress
from shop.queries.points.presets import PRESET_NAMES, preset_document
from shop.services.merchant.setting_up import (
    FirstProduct,
    leave_setup,
    put_first_product,
    save_colours,
    save_name,
)
from shop.services.points.publishing import publish_rulebook
from shop.web.face import shop_face, theme_address
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.preset_words import preset_name, presets_in_words
from shop.web.setup_steps import STEPS, after

bp = Blueprint("merchant_setup", __name__)


@bp.get("/setup")
@roles(OWNER, EDITOR)
def show() -> ResponseReturnValue:
    """To the first step that is not done yet."""
    done = progress().done
    waiting = (step.name for step in STEPS if step.name not in done)
    return redirect(url_for(f".{next(waiting, STEPS[-1].name)}"), 303)


@bp.get("/setup/name")
@roles(OWNER, EDITOR)
def name() -> ResponseReturnValue:
    """What the shop is called."""
    face = shop_face()
    return _page("name", form=NameForm(formdata=None, name=face.name, slogan=face.slogan))


@bp.post("/setup/name")
@roles(OWNER, EDITOR)
def set_name() -> ResponseReturnValue:
    """Call it so, and go on."""
    form = NameForm()
    if not form.validate_on_submit():
        return _page("name", form=form), 422
    save_name(form.name.data, form.slogan.data or "", staff_id=current_user.id, now=now())
    return _on("name")


@bp.get("/setup/colours")
@roles(OWNER, EDITOR)
def colours() -> ResponseReturnValue:
    """Two sliders, and what the shop looks like with them."""
    face = shop_face()
    return _page(
        "colours", form=ColoursForm(formdata=None, brand_hue=face.brand_hue, spark_hue=face.spark_hue)
    )


@bp.post("/setup/colours")
@roles(OWNER, EDITOR)
def set_colours() -> ResponseReturnValue:
    """Wear them; stay to look at them, or go on."""
    form = ColoursForm()
    if not form.validate_on_submit():
        return _page("colours", form=form), 422
    brand_hue, spark_hue = form.brand_hue.data or 0, form.spark_hue.data or 0
    save_colours(brand_hue, spark_hue, staff_id=current_user.id, now=now())
    if request.form.get("then") == "look":
        return redirect(url_for(".colours"), 303)
    return _on("colours")


@bp.get("/setup/rules")
@roles(OWNER, EDITOR)
def rules() -> ResponseReturnValue:
    """The policies that ship with the mall, and what each costs."""
    return _rules_page(PresetForm(formdata=None))


@bp.post("/setup/rules")
@roles(OWNER, EDITOR)
def set_rules() -> ResponseReturnValue:
    """Publish one of them at once.  The same page sent twice publishes once."""
    form = PresetForm()
    if not form.validate_on_submit() or form.preset.data not in PRESET_NAMES:
        return _rules_page(form, _("选一套规则。")), 422
    try:
        publish_rulebook(
            preset_document(form.preset.data),
            effective_at=None,
            staff_id=current_user.id,
            note=_("开店：「%(preset)s」", preset=preset_name(form.preset.data)),
            now=now(),
            key=form.idempotency_key.data,
        )
    except ShopError as error:
        return _rules_page(form, str(error)), error.status
    return _on("rules")


@bp.get("/setup/product")
@roles(OWNER, EDITOR)
def product() -> ResponseReturnValue:
    """The first thing that can be had for points."""
    return _page("product", form=FirstProductForm(formdata=None), finds=FINDS)


@bp.post("/setup/product")
@roles(OWNER, EDITOR)
def set_product() -> ResponseReturnValue:
    """Put it on the shelf, once."""
    form = FirstProductForm()
    if not form.validate_on_submit():
        return _page("product", form=form, finds=FINDS), 422
    first = FirstProduct(form.title.data, form.points.data or 0, form.units.data or 0, _picture(form))
    try:
        put_first_product(first, staff_id=current_user.id, now=now(), key=form.idempotency_key.data)
    except PictureRefused as error:
        form.picture.errors = [str(error)]
        return _page("product", form=form, finds=FINDS), error.status
    return _on("product")


@bp.get("/setup/done")
@roles(OWNER, EDITOR)
def done() -> ResponseReturnValue:
    """What there is now, and what to do next."""
    return _page("done")


@bp.post("/setup/leaving")
@roles(OWNER, EDITOR)
def leave() -> ResponseReturnValue:
    """To the back office; setting up opens by itself no more."""
    leave_setup(staff_id=current_user.id, now=now())
    flash(_("想接着弄，随时从「设置」里进来。"))
    return redirect(url_for("merchant_dashboard.show"), 303)


def _on(step: str) -> ResponseReturnValue:
    return redirect(url_for(f".{after(step)}"), 303)


def _page(step: str, **context: object) -> str:
    face = shop_face()
    return render_template(
        f"merchant/setup/{step}.html",
        step=step,
        steps=STEPS,
        progress=progress(),
        following=after(step),
        preview_address=theme_address(face.brand_hue, face.spark_hue),
        **context,
    )


def _rules_page(form: PresetForm, problem: str = "") -> str:
    return _page("rules", form=form, presets=presets_in_words(now()), problem=problem)


def _picture(form: FirstProductForm) -> bytes:
    """The file that was sent, or the picture of ours that was chosen."""
    if form.file is not None:
        content: bytes = form.file.read()
        return content
    return Path(current_app.root_path, "static/images/finds", f"{form.find.data}.webp").read_bytes()
