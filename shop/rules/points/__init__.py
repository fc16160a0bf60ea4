"""Decisions about points: earning, caps, expiry, spending, tiers, debt."""
