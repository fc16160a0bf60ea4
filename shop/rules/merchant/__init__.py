"""Decisions of the back office: files brought along, and the shop's colours."""
