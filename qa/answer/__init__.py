"""Stage 9. Question and hits -> draft sentences, each with the verbatim spans that prove it."""
