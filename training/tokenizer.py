"""Stage 1. Word counts -> a Unigram tokenizer whose pieces are whole words.

The vocabulary is made, not learnt: all characters of the texts, and the words that are most frequent in policy and law, then in
news and encyclopedia; each piece has its log frequency, so that the Viterbi path of Unigram cuts a sentence into words. Words of
our own questions and lines come in whatever their frequency.

    python -m training.tokenizer --out build/training/tokenizer.json
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram

from qa.lexical import Tokenizer as WordCutter
from training.data import read_jsonl, read_pairs, read_texts

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_COLUMN_WEIGHTS = (4.0, 1.0, 1.0, 0.5)  # policy, law, news, wiki
_LONGEST = 5  # characters; longer words are cut into parts that are words themselves
_HAN = re.compile(r"[㐀-鿿]")


def word_counts(data: str | Path) -> dict[str, float]:
    """Words of two to five characters with weighted counts, from words/wordfreq.tsv.zst."""
    import zstandard

    table = zstandard.decompress((Path(data) / "words" / "wordfreq.tsv.zst").read_bytes(), max_output_size=1 << 26)
    counts: dict[str, float] = {}
    for row in table.decode("utf-8").splitlines()[1:]:
        word, *numbers = row.split("\t")
        if 2 <= len(word) <= _LONGEST:
            counts[word.lower()] = sum(w * int(n) for w, n in zip(_COLUMN_WEIGHTS, numbers, strict=False))
    return counts


def char_counts(texts: Iterable[str]) -> Counter[str]:
    """Chinese characters, letters and digits with their counts."""
    counts: Counter[str] = Counter("abcdefghijklmnopqrstuvwxyz0123456789")
    for text in texts:
        counts.update(char for char in text.lower() if _HAN.match(char))
    return counts


def latin_counts(texts: Iterable[str]) -> Counter[str]:
    """Latin words and names such as ai, 5g, iso with their counts."""
    return Counter(word for text in texts for word in re.findall(r"[a-z][a-z0-9]+|[0-9][a-z]", text.lower()) if len(word) <= 12)


def make_tokenizer(words: Mapping[str, float], chars: Mapping[str, int], kept: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of `size` pieces: special tokens, characters, the words of `kept`, then words by frequency.

    Args:
        words: words with counts.
        chars: characters with counts.
        kept: words that come in whatever their count.
        size: number of pieces.
    """
    total = sum(words.values()) + sum(chars.values())
    pieces = {char: count / 50 for char, count in chars.items() if count > 2}  # mostly inside words: alone they are rarer
    for word in kept:
        pieces[word] = max(words.get(word, 0.0), 20.0)
    for word, count in sorted(words.items(), key=lambda item: (-item[1], item[0])):
        if len(pieces) >= size - len(SPECIAL):
            break
        pieces.setdefault(word, count)
    ranked = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(token, 0.0) for token in SPECIAL] + [(p, math.log(max(count, 0.5) / total)) for p, count in ranked]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=1))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[㐀-鿿]+|[a-z0-9]+"), behavior="removed", invert=True)
    return tokenizer


def own_words(texts: Iterable[str]) -> set[str]:
    """Words of our own questions and lines, of two to five characters. Compounds of the word list stay in parts."""
    cutter = WordCutter()
    return {word for text in texts for word in cutter.words(text) if 2 <= len(word) <= _LONGEST and all(map(_HAN.match, word))}


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--questions", nargs="*", default=["eval/questions/train.jsonl"])
    parser.add_argument("--out", required=True)
    parser.add_argument("--size", type=int, default=28_000)
    parser.add_argument("--text-share", type=float, default=0.2, help="part of the running text that is counted for characters")
    args = parser.parse_args(arguments)
    shares = {"policy": 1.0, "law": args.text_share, "wiki": args.text_share, "news": args.text_share}
    texts = list(read_texts(args.data, shares))
    words = word_counts(args.data)
    words.update({word: count for word, count in latin_counts(texts).items() if count >= 20})
    real = [pair.question for pair in read_pairs(args.data) if pair.weight >= 3]
    lines = [line for row in read_jsonl(Path(args.corpus) / "lines.jsonl") for line in row["lines"]]
    asked = [row["question"] for file in args.questions for row in read_jsonl(file)]
    tokenizer = make_tokenizer(words, char_counts(texts), sorted(own_words([*real, *lines, *asked])), args.size)
    Path(args.out).parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(args.out, pretty=False)
    print(tokenizer.get_vocab_size(), tokenizer.encode("租办公室能不能报销一部分？AI公司在黄埔招博士5G").tokens)


if __name__ == "__main__":
    main()
