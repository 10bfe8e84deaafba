"""What is to be read aloud, piece by piece."""

import pytest

from ivr.line import reading
from ivr.line.menu import nodes
from ivr.line.prompts import Prompts, load_prompts
from ivr.line.reading import PieceUnknown, reading_list
from shared.domain.vocabulary import Language


def test_what_stands_around_a_value_is_read_on_its_own() -> None:
    pieces = reading_list(Language.EN)

    assert pieces["about"].words == "About"
    assert [pieces[f"other_ways-{part}"].words[-20:] for part in (1, 2)] == [
        "ease ring again, or use"[-20:],
        "ergency, dial 9 9 9.",
    ]
    assert "option" not in pieces


def test_the_other_route_is_read_as_it_is_configured() -> None:
    assert reading_list(Language.EN, "report.example")["online"].words == "report.example"


@pytest.mark.parametrize("language", Language)
def test_every_utterance_of_the_menu_is_made_of_pieces(language: Language, reviewed_prompts: Prompts) -> None:
    read = {piece.words for piece in reading_list(language).values()}
    keys = {key for node in nodes(welsh_reviewed=True).values() for key in getattr(node, "listing", {})}
    values = {"name": "Kent", "about": "Kent", "key": "1", "day": reviewed_prompts.name("day.monday", language)}

    for prompt in reviewed_prompts.words[language]:
        if "{hour}" not in reviewed_prompts.words[language][prompt] and prompt not in {"option", "about"}:
            assert set(reviewed_prompts.say(prompt, language, **values).pieces) <= read, prompt
    assert keys <= read


def test_a_sentence_is_followed_by_a_breath_and_a_name_is_not() -> None:
    pieces = reading_list(Language.EN)

    assert [pieces[name].ends for name in ("danger", "key.4", "force.kent", "about")] == [True, True, False, False]
    assert [pieces[name].listed for name in ("danger", "key.4", "force.kent", "about")] == [False, True, True, False]


def test_a_value_of_which_nothing_is_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = load_prompts()
    words = {language: {**prompts.words[language], "leaving": "Goodbye, {stranger}."} for language in Language}
    monkeypatch.setattr(reading, "load_prompts", lambda _online: Prompts(words, prompts.voices, prompts.reviewed))

    with pytest.raises(PieceUnknown, match="leaving: stranger"):
        reading_list(Language.EN)
