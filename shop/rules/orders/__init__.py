"""Decisions about orders: the quote, refunds, states and limits."""
