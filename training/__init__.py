"""The recipe of the shipped models, one script a stage. `training/README.md` gives order, settings, seeds and times."""
