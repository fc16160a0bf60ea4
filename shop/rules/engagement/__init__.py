"""Decisions about sign-in and the lucky draw."""
