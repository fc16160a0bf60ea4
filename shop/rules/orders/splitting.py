"""Splitting a whole number so that the parts add up to it exactly."""

from collections.abc import Sequence


def largest_remainder(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split ``total`` by ``weights``: each part is its exact share rounded down, or up for the largest remainders.

    Equal remainders go to the first.  Parts sum to ``total`` and none exceeds its weight while ``total`` does not
    exceed their sum.  Without any weight the first takes all.
    """
    whole = sum(weights)
    if whole == total:  # nothing to round: most often so
        return tuple(weights)
    if whole == 0:
        return (total, *(0 for _ in weights[1:])) if weights else ()
    parts = [total * weight // whole for weight in weights]
    missing = total - sum(parts)
    if missing:
        remainders = [total * weight % whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda index: -remainders[index])
        for index in by_remainder[:missing]:
            parts[index] += 1
    return tuple(parts)
