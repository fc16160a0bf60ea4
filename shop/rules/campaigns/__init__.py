"""Campaigns: what takes cash off for a while, or for somebody."""
