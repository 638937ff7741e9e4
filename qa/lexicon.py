"""One typed word list, `corpus/lexicon.tsv`, feeds the region table, the thesaurus and the tokenizer.

Columns: kind, term, target, weight. Kinds: place (-> region path), policy (-> document id), synonym (-> policy words),
term (a word to keep whole), kindword (-> what a question asks for).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import CorpusError
from qa.types import Asked, Span

_KINDS = ("place", "policy", "synonym", "term", "kindword")
Targets = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a question, with its targets (region paths or document ids) and their weights."""

    term: str
    span: Span
    targets: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Lexicon:
    """Terms by kind; each maps to its weighted targets."""

    places: Targets = field(default_factory=dict)
    policies: Targets = field(default_factory=dict)
    synonyms: Targets = field(default_factory=dict)
    kindwords: Targets = field(default_factory=dict)
    terms: frozenset[str] = frozenset()

    def vocabulary(self) -> Iterator[str]:
        """Words that the tokenizer keeps whole."""
        yield from self.terms
        yield from (place for place in self.places if len(place) > 1)
        for term, targets in self.synonyms.items():
            yield term
            yield from (word for word, _ in targets)


def load_lexicon(path: Path) -> Lexicon:
    """Read the word list; a missing file is an empty lexicon.

    Raises:
        CorpusError: a line has the wrong number of columns, an unknown kind or a bad weight.
    """
    if not path.exists():
        return Lexicon()
    tables: dict[str, dict[str, list[tuple[str, float]]]] = {kind: defaultdict(list) for kind in _KINDS}
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise CorpusError(f"词表 {path.name} 不是 UTF-8 编码。请转换编码后重试。") from error
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(("#", "kind\t")):
            kind, term, targets = _parse(line, number, path.name)
            tables[kind][term].extend(targets)
    return Lexicon(_bare(tables["place"]), tables["policy"], tables["synonym"], tables["kindword"], frozenset(tables["term"]))


def _bare(places: Mapping[str, list[tuple[str, float]]]) -> dict[str, list[tuple[str, float]]]:
    """在沪 as 沪: whether a single character stands for a place is seen from what stands around it (`qa.places`)."""
    table: dict[str, list[tuple[str, float]]] = {}
    for term, targets in places.items():
        bare = term[1:] if len(term) == 2 and term[0] in "在来到去回离" else term
        known = {path for path, _ in table.get(bare, [])}
        table.setdefault(bare, []).extend(
            (path, max(weight, 0.5)) if bare != term else (path, weight) for path, weight in targets if path not in known
        )
    return table


def _parse(line: str, number: int, name: str) -> tuple[str, str, list[tuple[str, float]]]:
    columns = (line + "\t\t\t").split("\t")[:4]
    kind, term, target, weight = (column.strip() for column in columns)
    if kind not in _KINDS or not term:
        raise CorpusError(f"词表 {name} 第 {number} 行写错了：{line[:40]!r}。应为 类别、词、对应、权重 四列。")
    if kind == "kindword" and target not in set(Asked):
        raise CorpusError(f"词表 {name} 第 {number} 行的 {target!r} 不是问题类别。可用：{'、'.join(Asked)}。")
    try:
        value = float(weight) if weight else 1.0
    except ValueError as error:
        raise CorpusError(f"词表 {name} 第 {number} 行的权重 {weight!r} 不是数。") from error
    return kind, unicodedata.normalize("NFKC", term), [(part, value) for part in target.split("|") if part]


def find_mentions(
    text: str, table: Targets, least: float = 0.0, stands: Callable[[str, Span], bool] = lambda text, span: True
) -> list[Mention]:
    """Terms of `table` that stand in `text`: longest first, without overlaps, in order of appearance.

    Args:
        text: a normalised question.
        table: terms and targets.
        least: targets of lower weight are passed over.
        stands: whether a term may count at a span; where it may not, shorter and later terms are tried.
    """
    longest = max(map(len, table), default=0)
    found: list[Mention] = []
    position = 0
    while position < len(text):
        for length in range(min(longest, len(text) - position), 0, -1):
            term = text[position : position + length]
            targets = tuple(target for target in table.get(term, ()) if target[1] >= least)
            if targets and stands(text, Span(position, position + length)):
                found.append(Mention(term, Span(position, position + length), targets))
                position += length
                break
        else:
            position += 1
    return found
