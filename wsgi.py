"""The application that gunicorn and `flask --app wsgi` load."""

import sys

from shop import create_app
from shop.config import SettingInvalid

try:
    app = create_app()
except SettingInvalid as error:
    sys.exit(f"shifen: {error}")
