"""What a browser calls itself, in words for the list of devices."""

from flask import Flask
from flask_babel import gettext as _

from shop.web.device_cookie import init_device_cookie

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Version/", "Safari"),
)


def init_devices(app: Flask) -> None:
    app.jinja_env.filters["device_label"] = device_label
    init_device_cookie(app)


def device_label(user_agent: str) -> str:
    """``iPhone · Safari`` from what the browser sent (which may be anything); "another device" when nothing is known."""
    parts = [next((name for mark, name in known if mark in user_agent), "") for known in (SYSTEMS, BROWSERS)]
    return " · ".join(part for part in parts if part) or _("其他设备")
