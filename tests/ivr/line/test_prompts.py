"""Every word is there, in every language, and says nothing it must not."""

import ast
import re
from pathlib import Path

import pytest

from ivr.line import menu
from ivr.line.opening import DAYS
from ivr.line.prompts import NAMES, Prompts, PromptsIncomplete, load_prompts, parse_prompts
from shared.domain.forces import FORCES, REGIONS
from shared.domain.signposts import SIGNPOSTS
from shared.domain.vocabulary import Category, Language

FOLDER = Path(menu.__file__).parent
FILLED_IN = {"name": "Kent", "key": "1", "about": "Kent", "day": "Monday", "hour": "9:00"}
A_FILE = """
[languages.en-GB]
reviewed = true
voice = "Polly.Amy-Neural"
[languages.cy-GB]
reviewed = false
voice = "Polly.Gwyneth"
[words.leaving]
en-GB = "Goodbye."
{welsh}
[category]
[region]
[force]
surrey = {{ en-GB = "Surrey" }}
[day]
"""


def literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def is_name(prompt: str) -> bool:
    return prompt.split(".")[0] in NAMES and "." in prompt


def test_every_language_has_every_word(prompts: Prompts) -> None:
    english, welsh = (prompts.words[language] for language in (Language.EN, Language.CY))

    assert set(english) == set(welsh)
    assert all(text.strip() for words in (english, welsh) for text in words.values())


def test_the_languages_ask_for_the_same_things_to_be_filled_in(prompts: Prompts) -> None:
    for prompt, english in prompts.words[Language.EN].items():
        welsh = prompts.words[Language.CY][prompt]
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", welsh)), prompt


def test_every_word_can_be_said(reviewed_prompts: Prompts) -> None:
    for language in Language:
        for prompt in reviewed_prompts.words[language]:
            spoken = reviewed_prompts.say(prompt, language, **FILLED_IN)
            assert spoken.language is language
            assert "{" not in spoken.text


def test_every_category_region_and_force_has_a_name(prompts: Prompts) -> None:
    names = {prompt for prompt in prompts.words[Language.EN] if is_name(prompt)}

    assert names == {
        *(f"category.{category}" for category in Category if category is not Category.UNSET),
        *(f"region.{region}" for region in REGIONS),
        *(f"force.{force}" for force in FORCES),
        *(f"day.{day}" for day in DAYS),
    }


def test_every_sentence_is_used_by_the_line(prompts: Prompts) -> None:
    used = set().union(*(literals(path) for path in FOLDER.glob("*.py")))
    used |= {f"signpost_{post.id}" for post in SIGNPOSTS}

    assert {prompt for prompt in prompts.words[Language.EN] if not is_name(prompt)} <= used


def test_no_language_says_the_full_name_of_the_service(prompts: Prompts) -> None:
    said = " ".join(text for words in prompts.words.values() for text in words.values()).lower()

    assert not re.search(r"anti-?corruption|abuse reporting|gwrth-?lygr|cam-drin yr heddlu", said)


def test_numbers_are_written_digit_by_digit(prompts: Prompts) -> None:
    for words in prompts.words.values():
        assert not [text for text in words.values() if re.search(r"\d\d", text)]


def test_no_line_promises_what_we_do_not_enforce(prompts: Prompts) -> None:
    said = " ".join(prompts.words[Language.EN].values()).lower()

    assert not re.search(r"nobody (can|could|will) (ever )?(find|know)|untraceable|cannot be traced|no record", said)


def test_unreviewed_welsh_is_spoken_in_english_but_for_the_key(prompts: Prompts) -> None:
    assert Language.CY not in prompts.reviewed
    assert prompts.say("goodbye", Language.CY) == prompts.say("goodbye", Language.EN)
    assert prompts.say_in("language_key", Language.CY).voice == "Polly.Gwyneth"


def test_reviewed_welsh_is_spoken_in_welsh(reviewed_prompts: Prompts) -> None:
    spoken = reviewed_prompts.say("about", Language.CY, about=reviewed_prompts.name("force.kent", Language.CY))

    assert (spoken.text, spoken.language) == ("Ynghylch Caint.", Language.CY)


def test_the_online_route_is_the_configured_one() -> None:
    assert "crimestoppers-uk.org" in load_prompts().say("refused", Language.EN).text
    assert "online.example" in load_prompts(online="online.example").say("refused", Language.EN).text


def test_words_missing_in_a_language_stop_the_program_by_name() -> None:
    with pytest.raises(PromptsIncomplete, match="no words in cy-GB for: leaving"):
        parse_prompts(A_FILE.format(welsh=""))


def test_a_name_without_a_welsh_form_is_spoken_in_english() -> None:
    prompts = parse_prompts(A_FILE.format(welsh='cy-GB = "Hwyl fawr."'))

    assert prompts.words[Language.CY] == {"leaving": "Hwyl fawr.", "force.surrey": "Surrey"}
