"""The pages of tests/browser/stage, and the answers that their buttons ask for."""

from pathlib import Path

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField

from shop.web.rendering import page_or_fragment
from tests.web.stage import make_stage

MENU = [
    {"label": "经营", "items": [{"label": "概览", "url": "/desk", "icon": "layout-grid", "is_current": True}]}
]

bp = Blueprint("stage", __name__)


class PartsForm(FlaskForm):
    name = StringField("收件人")
    code = StringField("6 位验证码")


def make_stage_app() -> Flask:
    app = make_stage(folder=Path(__file__).parent / "stage")
    app.register_blueprint(bp)
    return app


@bp.get("/")
def parts():
    return render_template("parts.html", form=PartsForm(), seconds=int(request.args.get("seconds", 6128)))


@bp.get("/flash")
def flashed():
    flash("没有成功", "rose")
    return redirect("/", 303)


@bp.post("/echo")
def echo():
    sent = request.form
    return page_or_fragment("answer.html", "_answer.html", code=sent["code"], quantity=sent["quantity"])


@bp.post("/bare")
def bare():
    return "<p>没有表单也行</p>"


@bp.get("/refused")
def refused():
    answer = make_response(render_template("shared/_toast.html", message="积分不够", kind="rose"), 409)
    answer.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "innerHTML"})
    return answer


@bp.get("/arrives")
def arrives():
    return render_template("_arrives.html")


@bp.get("/arrived")
def arrived():
    return "<p>时间到</p>"


@bp.get("/draw")
def draw():
    return render_template("draw.html")


@bp.post("/play")
def play():
    return render_template("_won.html")


@bp.get("/desk")
def desk():
    return render_template("desk.html", merchant_menu=MENU)
