"""What the shop keeps count of.

Each book is the only writer of its tables, moves things by guarded updates, and never commits: a service opens the
transaction around it.
"""
