"""Without a network: the service worker and the one page that it keeps.  It keeps nothing of a member."""

import json
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, render_template, send_from_directory

WORKER = "sw.js"
KEPT = ("storefront.css", "icons.svg", "images/finds/cloud.webp")
PAGE = "/offline"


def init_offline(app: Flask, folder: Path) -> None:
    """Serve the worker from the root of the site: a worker rules only what lies below its own address."""

    def service_worker() -> Response:
        response = send_from_directory(folder, WORKER, mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"
        return response

    def offline_page() -> Response:
        response = app.make_response(render_template("errors/offline.html"))
        response.headers["Cache-Control"] = "no-cache"
        return response

    app.add_url_rule(f"/{WORKER}", "service_worker", service_worker)
    app.add_url_rule(PAGE, "offline", offline_page)


def worker(source: Path, urls: Mapping[str, str]) -> str:
    """The worker's source with the addresses that it keeps written on top; new addresses make a new worker."""
    kept = [PAGE, *(urls[name] for name in KEPT)]
    return f"const KEPT = {json.dumps(kept)};\n{source.read_text()}"
