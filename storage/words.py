"""How text becomes words that can be found: the same for what is indexed and for what is asked."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from whoosh.lang import porter2

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
HYPHENS = "-\u2010\u2011"
porter: Any = porter2.stem
LONGEST = 60  # what is longer is no word, and nobody looks for it


class Word(NamedTuple):
    """One word of a text: its place in the text, its number, and the forms under which it is found."""

    start: int
    end: int
    at: int
    forms: tuple[str, ...]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word; case, accents and a possessive end make no difference."""
    plain = word.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = plain.replace("\u2019", "'").removesuffix("'s")
    return str(porter(plain)) if plain.isascii() and plain.isalpha() else plain


@lru_cache(maxsize=50_000)
def forms(word: str) -> tuple[str, ...]:
    """The stem, and the word itself where it stands in capitals ("IT" is not "it")."""
    return (stem(word), word) if len(word) > 1 and word.isupper() and word.isalpha() else (stem(word),)


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends; their order is their number."""
    return [span for match in WORD.finditer(text) if (span := match.span())[1] - span[0] <= LONGEST]


def formed(text: str, found: list[tuple[int, int]]) -> list[tuple[str, ...]]:
    """The forms under which each of these words is found. Both halves of a hyphenated word count, and the whole:
    follow-up, followup."""
    made = [forms(text[start:end]) for start, end in found]
    for at, ((start, end), (after, last)) in enumerate(pairwise(found)):
        if after == end + 1 and text[end] in HYPHENS and text[end - 1].isalpha():
            made[at] = (*made[at], stem(text[start:end] + text[after:last]))
    return made


def split(text: str) -> Iterator[Word]:
    """The words in order."""
    found = spans(text)
    for at, ((start, end), word_forms) in enumerate(zip(found, formed(text, found), strict=True)):
        yield Word(start, end, at, word_forms)


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words, in order."""
    return tuple(stem(match.group()) for match in WORD.finditer(text))
