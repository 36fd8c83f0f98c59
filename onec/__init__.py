"""A simulated 1C:Enterprise: its own base, and the exchange as the real clients do it.

For demonstrations and tests. It imports nothing of the house and knows the CRM only by its address,
so what it accepts or refuses is what the real program would
(CommerceML reference, chapters 2 to 10).
"""
