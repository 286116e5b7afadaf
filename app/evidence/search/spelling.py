"""The word that was probably meant, out of the words that are there."""

from __future__ import annotations

from storage.index import Index

SHORTEST = 5  # shorter words have too many neighbors


def nearest(word: str, index: Index, most: int = 3) -> list[str]:
    """Words one slip away (two in long words), the likeliest first: fewest slips, then most used. The first letter
    is taken to be right."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    allowed = 1 if len(word) < 8 else 2
    letters = set(word)
    found = []
    for other in index.words(word[0]):
        if abs(len(other) - len(word)) > allowed or len(letters - set(other)) > allowed:
            continue
        slips = distance(word, other, allowed)
        if slips <= allowed:
            found.append((slips, -index.frequency(other), other))
    return [other for _, _, other in sorted(found)[:most]]


def distance(one: str, other: str, limit: int) -> int:
    """How many letters were missed, added, changed or swapped; `limit` + 1 when it is more than the limit."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
