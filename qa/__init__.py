"""Questions about policy text, answered from it and proved by it.

The pipeline, one module or small package a stage, in running order:

```
readers    file -> readable text, with a map that leads every character back to the file
articles   readable text -> tree of chapters, articles, items, tables
chunk      tree -> passages, each one span of the text with the context it needs
embed      texts -> vectors
index      passages + lines -> FAISS + BM25 on disk
query      question + earlier turns -> Query: places, policies, what is asked, policy words
intent     what is hostile, chat or another subject, before any search
retrieve   Query -> candidates from words and vectors, over passages and their lines
rerank     candidates -> ranking
answer     question + hits -> draft sentences with the spans that prove them
verify     drafts -> Answer: figures checked, citations numbered
```

`pipeline` puts them together. Beside them what several stages share: `types`, `errors`, `config`, `manifest`, `corpus`,
`lexicon`, `places`, `marks`, `spans`, `quantities`, `validity`, `feedback`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.config import Config, load_config
from qa.errors import QAError
from qa.types import Answer, Citation, Delta, Done, Found, Hit, Passage, Query, Sentence, Span, Turn

if TYPE_CHECKING:
    from qa.pipeline import Assistant, load

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Config",
    "Delta",
    "Done",
    "Found",
    "Hit",
    "Passage",
    "QAError",
    "Query",
    "Sentence",
    "Span",
    "Turn",
    "load",
    "load_config",
]


def __getattr__(name: str) -> Any:
    """`load` and `Assistant` are imported on first use: numpy and faiss stay out of `qa --help`."""
    if name in ("load", "Assistant"):
        from qa import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
