"""Seeded synthetic firms with plant paths, lines, people, deals, shipments and a cash chain.

The firms' arrays come from the generator beside the other benchmark data; nothing of it is copied
here. ``problem.py`` writes the model on replant's kernel, ``staged.py`` the same model in two
stages, with a thousand scenarios that are made when they are asked for.
"""
