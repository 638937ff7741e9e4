"""Measuring the system: question sets, scores, runs, comparisons and reports (`python -m eval --help`).

```
questions   JSONL or CSV -> checked rows; a bad row is named with line and reason
run         every row through `Assistant.ask`, resumable, with a stamp (`stamp`) of code, settings, corpus and models
facts       does a passage hold a quote, does an answer state a fact
figures     amounts, ratios, dates of a text; `support`: are those of an answer proved
metrics     every score; `classes`: where a question was lost; `labels`: what its evidence is
report      means, slices, plain text; `html`, `charts`, `markdown`: the same to read and to hand on
compare     two runs, paired tests; `ablate`: one switch off at a time
exports     BEIR, TREC, CSV
external    Chinese sets that nobody here wrote; `peers`: common pipelines; `bench`: seconds and memory
judge       an optional language model as second opinion
tab         the evaluators' tab of the page
cli         the commands; `commands`: what they do
```

Nothing in `qa` imports this package.
"""
