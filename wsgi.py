"""The application that gunicorn and `flask --app wsgi` load."""

from shop import create_app

app = create_app()
