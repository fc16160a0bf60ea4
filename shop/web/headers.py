"""Security headers on every answer, pages and fragments alike."""

from flask import Flask, Response, current_app, request
from flask_login import current_user

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}


def init_headers(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the security headers; keep personal pages out of every cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["IS_PRODUCTION"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.mimetype == "text/html" and "Cache-Control" not in response.headers:
        personal = request.method != "GET" or current_user.is_authenticated
        response.headers["Cache-Control"] = "no-store" if personal else "no-cache"
    return response
