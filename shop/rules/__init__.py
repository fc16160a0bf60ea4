"""The shop's decisions as pure functions: numbers in, the answer and its reasons out."""
