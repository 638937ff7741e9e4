"""Measuring the system: question sets, scores, runs, comparisons and reports (`python -m eval --help`).

In running order: `questions` (load and check a set) -> `run` (ask every question) -> `facts`, `figures`, `metrics` (score)
-> `report` (tables). Nothing in `qa` imports this package.
"""
