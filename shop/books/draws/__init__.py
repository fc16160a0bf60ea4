"""The draw book: days with their seeds, chances, prizes and their stock, attempts, and prizes claimed (D1, D2).

Lock order within an attempt: the member's points account, the draw (shared), the member's day, then what all share: the
day of the draw, whose counter puts the attempts in line, and the prize.
"""
