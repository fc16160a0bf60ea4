"""The points book: the only code that changes a balance.

``entries`` writes the immutable lines, ``lots`` takes from and returns to batches with an expiry, ``holds`` sets points
aside for unpaid orders, ``check`` proves that everything still adds up.
"""
