"""The tier book: the only writer of members' tiers.

``measures`` counts what raises a tier, ``history`` writes each change with its numbers, ``packs`` what a tier brings each
month, ``marks`` how far the sweeps have got.
"""
