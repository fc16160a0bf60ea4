"""The back office: its own login, its own cookie, and a guard that allows nothing by default."""
