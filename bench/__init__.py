"""Benchmarks: what each page costs, as ratios to a constant answer, beside its budget; and throughput beside plain SQL."""
