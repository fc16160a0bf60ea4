"""The OpenAPI document, and the docs page that is made of it.  Both are open: they hold no secret."""

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from shop.blueprints.api.frame import bp
from shop.web.api.docs import areas_of_calls, problem_rows
from shop.web.api.openapi import openapi_document
from shop.web.api.scopes import SCOPES
from shop.web.api.writing import to_json


@bp.get("/openapi.json")
def openapi() -> Response:
    """OpenAPI 3.1, in the language that the request asks for."""
    answer = Response(
        to_json(openapi_document(current_app.config["SHOP_URL"])), content_type="application/json"
    )
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/docs")
def docs() -> ResponseReturnValue:
    """Every call with its fields, an example to paste and its answer."""
    return render_template(
        "api/docs.html", areas=areas_of_calls(), problems=problem_rows(), scopes=SCOPES,
        origin=current_app.config["SHOP_URL"],
    )  # fmt: skip
