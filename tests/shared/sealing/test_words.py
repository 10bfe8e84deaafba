"""Words for fingerprints and for paper: each byte has its own, and a wrong copy is noticed."""

import random

import pytest

from shared.sealing.words import WORDS, WordsWrong, from_paper, in_words, lines_of_four, on_paper

SECRET = bytes(range(100, 132))


def test_there_is_one_word_for_each_byte_and_none_is_like_another() -> None:
    assert len(WORDS) == 256
    assert len({word[:3] for word in WORDS}) == 256
    assert list(WORDS) == sorted(WORDS)
    assert all(4 <= len(word) <= 7 and word.isascii() and word.isalpha() and word.islower() for word in WORDS)


def test_bytes_are_said_in_lines_of_four() -> None:
    said = lines_of_four(in_words(bytes([0, 1, 2, 3, 255])))

    assert said == (" ".join(WORDS[:4]), WORDS[255])


def test_a_secret_comes_back_from_paper_however_it_was_written_down() -> None:
    words = on_paper(SECRET)

    assert len(words) == 34
    assert from_paper("\n".join(words), 32) == SECRET
    assert from_paper(", ".join(words).upper(), 32) == SECRET


def test_a_word_missing_or_unknown_is_noticed() -> None:
    words = on_paper(SECRET)

    for wrong in (words[:-1], words[1:], (*words, words[0]), ("spoon", *words[1:]), ()):
        with pytest.raises(WordsWrong):
            from_paper(" ".join(wrong), 32)


def test_words_exchanged_or_taken_for_others_are_nearly_always_noticed() -> None:
    chance, words, unnoticed = random.Random(5), list(on_paper(SECRET)), 0

    for _ in range(500):
        wrong = words.copy()
        wrong[chance.randrange(34)] = chance.choice(WORDS)
        if wrong != words:
            try:
                unnoticed += from_paper(" ".join(wrong), 32) != SECRET
            except WordsWrong:
                continue

    assert unnoticed <= 1  # two check words let one in 65,536 pass
