"""The meaning of short texts as vectors: static embeddings, numpy only, nothing leaves the machine.

The model stands in `model/` beside this file, with its notice; model2vec is imported nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL = Path(__file__).parent / "model"
WIDTH = 256
MOST = 512  # pieces of a text that count, to the model
LETTERS = 2.5  # to a piece: "diarrhea" is three pieces, "qwertz" too
Vectors = NDArray[np.float32]


@cache
def _model() -> Any:
    """Loaded when the first text is asked for: most processes never need it, and it costs a tenth of a second."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads do not survive a fork
    from model2vec import StaticModel  # noqa: PLC0415

    model = StaticModel.from_pretrained(MODEL)
    model.tokenize = _pieces  # type: ignore[method-assign]
    return model


def _pieces(sentences: Sequence[str]) -> list[list[int]]:
    """The known pieces of each text, as the model's own tokenizer gives them: it never joins what a space divides, so
    every word is taken apart only once."""
    unknown = _model().unk_token_id
    found = (chain.from_iterable(map(_of_word, text.replace("\n", " ").split(" "))) for text in sentences)
    return [[piece for piece in islice(pieces, MOST) if piece != unknown] for pieces in found]


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[int, ...]:
    return tuple(_model().tokenizer.encode(word, add_special_tokens=False).ids) if word else ()


def vectors(texts: Sequence[str]) -> Vectors:
    """One row of length one for each text; a text without any known word is a row of zeros."""
    if not texts:
        return np.zeros((0, WIDTH), np.float32)
    return np.asarray(_model().encode(list(texts)), np.float32)


def knows(word: str) -> bool:
    """Whether the word is made of pieces that mean something, and not spelt out letter by letter."""
    pieces = _model().tokenizer.encode(word, add_special_tokens=False).ids
    return bool(pieces) and len(word) / len(pieces) >= LETTERS


def packed(found: Vectors) -> bytes:
    """The vectors in a quarter of their size: one byte a number."""
    return np.rint(found * 127).astype(np.int8).tobytes()


def unpacked(data: bytes) -> Vectors:
    """The vectors again, near enough."""
    return np.frombuffer(data, np.int8).reshape(-1, WIDTH).astype(np.float32) * np.float32(1 / 127)
