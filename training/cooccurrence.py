"""Stage 2. Running text -> first vectors of the pieces: positive pointwise mutual information, factorised.

Words that stand in the same company get near vectors (租金 and 房租) before any question is seen. Levy and Goldberg (2014),
"Neural Word Embedding as Implicit Matrix Factorization"; Arora et al. (2017) for the weight a / (a + p) of frequent pieces.

    python -m training.cooccurrence --tokenizer build/training/tokenizer.json --out build/training/words.safetensors
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.data import passage_texts, read_texts

_WINDOW = 5
_BATCH = 4096  # texts that are tokenised at a time
_FREQUENT = 1e-3  # a piece of this share of all pieces gets half the weight of a rare one


def encode_all(tokenizer: Tokenizer, texts: Iterable[str]) -> NDArray[np.uint16]:
    """All texts as one row of piece numbers, (n,) uint16, with one 0 ([PAD]) between texts."""
    parts: list[NDArray[np.uint16]] = []
    stream = iter(texts)
    while batch := list(islice(stream, _BATCH)):
        ids = [number for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False) for number in (*encoding.ids, 0)]
        parts.append(np.array(ids, dtype=np.uint16))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint16)


def count_pairs(ids: NDArray[np.uint16], size: int, window: int = _WINDOW) -> Any:
    """A sparse symmetric (size, size) matrix of how often two pieces stand within `window`, near ones counted more."""
    from scipy.sparse import coo_matrix, csr_matrix

    total = csr_matrix((size, size), dtype=np.float32)
    for part in np.array_split(ids, max(len(ids) // 8_000_000, 1)):
        for distance in range(1, window + 1):
            left, right = part[:-distance].astype(np.int32), part[distance:].astype(np.int32)
            kept = (left > 4) & (right > 4)  # no special tokens
            weight = np.full(int(kept.sum()), (window + 1 - distance) / window, dtype=np.float32)
            total = total + coo_matrix((weight, (left[kept], right[kept])), shape=(size, size)).tocsr()
    return total + total.T


def pointwise_information(counts: Any, least: float = 1.0, smoothing: float = 0.75) -> Any:
    """Positive pointwise mutual information of a sparse count matrix; pairs counted `least` or less are dropped."""
    from scipy.sparse import coo_matrix

    rows = np.asarray(counts.sum(axis=1)).ravel()
    context = rows**smoothing / max((rows**smoothing).sum(), 1e-9)
    cells = counts.tocoo()
    kept = cells.data > least
    row, column = cells.row[kept], cells.col[kept]
    value = np.log(cells.data[kept] / np.maximum(rows[row] * context[column], 1e-9))
    positive = value > 0
    return coo_matrix((value[positive].astype(np.float32), (row[positive], column[positive])), shape=counts.shape).tocsr()


def factorise(matrix: Any, dimensions: int, seed: int = 0) -> NDArray[np.float32]:
    """Vectors of shape (n, dimensions): left singular vectors times the square roots of the singular values."""
    from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]

    left, values, _ = randomized_svd(matrix, dimensions, n_iter=3, random_state=seed)
    return np.ascontiguousarray(left * np.sqrt(values), dtype=np.float32)


def weighted(vectors: NDArray[np.float32], ids: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Vectors of length a / (a + p): frequent pieces say little."""
    share = np.bincount(ids, minlength=len(vectors)) / max(len(ids), 1)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-6) * (_FREQUENT / (_FREQUENT + share))[:, None], dtype=np.float32)


def corpus_texts(corpus_dir: str) -> Iterator[str]:
    """The passages of the corpus itself."""
    from qa.chunk import make_passages
    from qa.corpus import load_corpus

    corpus = load_corpus(corpus_dir)
    yield from passage_texts(corpus, make_passages(corpus, 500))


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    from safetensors.numpy import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--corpus", default="corpus")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--shares", default="policy=1,law=1,wiki=0.6,news=0.6", help="part of each running text that is read")
    args = parser.parse_args(arguments)
    begin = time.time()
    shares = {name: float(share) for name, share in (item.split("=") for item in args.shares.split(","))}
    tokenizer = Tokenizer.from_file(args.tokenizer)
    ids = encode_all(tokenizer, (text for source in (corpus_texts(args.corpus), read_texts(args.data, shares)) for text in source))
    np.save(Path(args.out).with_suffix(".ids.npy"), ids)
    print(f"{len(ids)} pieces after {time.time() - begin:.0f} s", flush=True)
    matrix = pointwise_information(count_pairs(ids, tokenizer.get_vocab_size()))
    print(f"{matrix.nnz} cells after {time.time() - begin:.0f} s", flush=True)
    save_file({"vectors": weighted(factorise(matrix, args.dimensions), ids)}, args.out)
    print(f"done after {time.time() - begin:.0f} s")


if __name__ == "__main__":
    main()
