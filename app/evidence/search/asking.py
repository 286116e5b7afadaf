"""What a person typed, as a question to the index. Nothing that can be typed is an error.

Plain words may be missing from a page, words in quotes may not; a minus leaves pages out, OR joins two words, a
star at the end finds every word that begins so. Misspelt words are replaced by the nearest that are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from app.evidence.search.spelling import nearest
from app.evidence.search.synonyms import thesaurus
from storage import meaning
from storage.index import Clause, Index, Query, Term
from storage.words import Word, split, stem, stems

LONGEST = 400
MOST_WORDS = 24
MOST_ENDINGS = 30
GUESSED = 0.7

STOP = frozenset(  # words that carry the question, not the answer
    """
    a about an and any are as at be been being but by can could did do does for from had has have how i if in into is
    it its may might must not of on or our over own per shall should so some such than that the their them then
    there these they this those to under up upon us was we were what when where which while who whom whose why
    will with would you your
    """.split()  # noqa: SIM905
)
PART = re.compile(r'(-?)"([^"]*)"?|(\S+)')
QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})


@dataclass
class Asked:
    """The typed words, sorted."""

    words: list[Word] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)  # words joined by OR to the one before
    starred: set[int] = field(default_factory=set)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    without: list[tuple[str, ...]] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Question:
    """The question to the index, and the words that were probably meant."""

    query: Query
    did_you_mean: str | None


def read(typed: str) -> Asked:
    """Sort what was typed."""
    asked = Asked(text=" ".join(typed.translate(QUOTES)[:LONGEST].split()))
    joins = False
    for match in PART.finditer(asked.text):
        minus, phrase, word = match.groups()
        if phrase is not None:
            (asked.without if minus else asked.phrases).append(stems(phrase))
        elif word == "OR":
            joins = bool(asked.words)
            continue
        elif word.startswith("-") and len(word) > 1:
            asked.without.append(stems(word[1:]))
        else:
            _take(asked, word, joins)
        joins = False
    asked.phrases = [words for words in asked.phrases if words]
    asked.without = [words for words in asked.without if words]
    return asked


def _take(asked: Asked, typed: str, joins: bool) -> None:
    for at, word in enumerate(split(typed)):
        if len(asked.words) >= MOST_WORDS:
            return
        if joins and at == 0:
            asked.joined.add(len(asked.words))
        if typed.endswith("*"):
            asked.starred.add(len(asked.words))
        start = len(asked.words)
        asked.words.append(Word(word.start, word.end, start, (*word.forms, typed[word.start : word.end])))


def question(asked: Asked, index: Index) -> Question:
    """The question as this index can be asked."""
    terms: list[list[Term]] = [[Term((form,)) for form in word.forms[:-1]] for word in asked.words]
    plain = [word.forms[0] for word in asked.words]
    capitals = [form if (form := word.forms[-1]).isupper() and len(form) > 1 else None for word in asked.words]
    helped: set[int] = set()
    for match in thesaurus().matches(plain, capitals):
        for at in range(match.start, match.end):
            terms[at] += match.also
            helped.add(at)
    nearby = _repair(asked, terms, index, helped)
    clauses = _join(asked, terms)
    clauses += [Clause((Term(words, 2.0),), must=True) for words in asked.phrases]
    query = Query(tuple(clauses), tuple(map(Term, asked.without)), _meaning(asked, nearby))
    return Question(query, _respelt(asked, nearby))


def _repair(asked: Asked, terms: list[list[Term]], index: Index, helped: set[int]) -> dict[int, list[str]]:
    """Words that are nowhere, by their number, with their likely spellings, which are looked for too."""
    found = {}
    for at, word in enumerate(asked.words):
        typed = word.forms[-1].casefold()
        if at in asked.starred:
            terms[at] += [Term((stem(other),), 0.9) for other in islice(index.words(typed), MOST_ENDINGS)]
        elif at not in helped and typed not in STOP and not any(map(index.knows, word.forms[:-1])):
            found[at] = nearest(typed, index)
            terms[at] += _guessed(found[at])
    return found


def _respelt(asked: Asked, nearby: dict[int, list[str]]) -> str | None:
    """The whole line with its likely spellings, where it differs."""
    text = asked.text
    for at, guesses in nearby.items():
        if guesses:
            text = re.sub(rf"\b{re.escape(asked.words[at].forms[-1])}\b", guesses[0], text, count=1)
    return text if text != asked.text else None


def _meaning(asked: Asked, nearby: dict[int, list[str]]) -> str:
    """The question as its meaning is looked for: none where the words are to stand just so, and without words that
    nobody knows, which would mean anything."""
    if asked.phrases or asked.starred or asked.joined:
        return ""
    said = [(at, (nearby.get(at) or [word.forms[-1]])[0]) for at, word in enumerate(asked.words)]
    known = [(at, word) for at, word in said if at not in nearby or nearby[at] or meaning.knows(word)]
    telling = any(word.casefold() not in STOP for _, word in known)
    return " ".join(word for _, word in known) if telling else ""


def _guessed(words: list[str]) -> list[Term]:
    """The likely word, and what stands for it."""
    found = [Term((stem(word),), GUESSED / (at + 1)) for at, word in enumerate(words)]
    for match in thesaurus().matches([stem(words[0])], [None]) if words else []:
        found += [Term(term.words, term.weight * GUESSED) for term in match.also]
    return found


def _join(asked: Asked, terms: list[list[Term]]) -> list[Clause]:
    """A clause for each word that says something, or for every word when none does."""
    telling = [at for at, word in enumerate(asked.words) if word.forms[-1].casefold() not in STOP or at in asked.joined]
    groups: list[list[Term]] = []
    for at in telling or ([] if asked.phrases else range(len(asked.words))):
        if at in asked.joined and groups:
            groups[-1] += terms[at]
        else:
            groups.append(list(terms[at]))
    return [Clause(tuple(group)) for group in groups]
