"""The words references are made of: enough of them, plain, and not to be taken for one another on a bad line."""

import math
import re

import pytest

from console.reference_words import (
    ENOUGH_LETTERS,
    WORDS_IN_ONE,
    NotAReference,
    new_words,
    read_words,
    reference_words,
)

# One sound, several words: nobody could tell from hearing which to write.
SOUND_ALIKE = frozenset(
    """
    allowed aloud altar alter ascent assent bare bear base bass beach beech bean been beat beet berry bury birth berth
    board bored bough bow brake break bread bred bridal bridle cell sell cent scent sent cereal serial chord cord cite
    sight site coarse course council counsel creak creek currant current days daze dear deer die dye draft draught dual
    duel fair fare feat feet fir fur flair flare flea flee flour flower fort fought foul fowl gait gate grate great
    groan grown guessed guest hail hale hair hare hall haul hangar hanger heal heel hear here heard herd higher hire
    hoarse horse hole whole idle idol key quay knead need knight night knot know leak leek loan lone made maid mail male
    main mane maize maze manner manor mantle mantel meat meet medal meddle metal mettle mind mined miner minor moat mode
    moose mousse morning mourning muscle mussel naval navel none nun pail pale pain pane pair pear pause paws peace
    piece peak peek peal peel pedal peddle peer pier place plaice plain plane plum plumb pole poll practice practise
    pray prey principal principle profit prophet rain reign rein raise rays rap wrap raw roar read reed red right write
    ring wring road rode role roll root route rose rows sail sale sauce source scene seen sea see seam seem sew sow
    shear sheer sleigh slay soar sore sole soul some sum son sun stair stare stake steak stationary stationery steal
    steel storey story straight strait suite sweet sword soared symbol cymbal tail tale team teem tear tier threw
    through throne thrown thyme time tide tied toe tow tuna tuner vain vein vale veil wail whale waist waste wait weight
    war wore ware wear warn worn wave waive weak week weather whether which witch whine wine wood would yoke yolk
    """.split()  # noqa: SIM905  # a page of words is read more easily
)
# Words for the matter itself, which would say too much, and words that could hurt.
OUT_OF_PLACE = frozenset(
    """
    abuse arrest assault badge bribe cell corrupt court crime custody dead death dirty drown drug evidence fear fraud
    ghost grave guilty hate hell horny hurt idiot injure insult jail judge jury kill lame lesbian lonely mad murder
    naked officer pain patrol police prison punish queer rape report revenge scum secret sergeant sex shame slave slut
    stupid suffer suicide suspect terror theft thief threat torture tragedy ugly verdict victim violent virgin war
    weapon witness wound
    """.split()  # noqa: SIM905  # a page of words is read more easily
)


def test_five_words_have_at_least_fifty_five_bits() -> None:
    words = reference_words()

    assert len(words) == len(set(words)) >= 2048
    assert WORDS_IN_ONE * math.log2(len(words)) >= 55


def test_the_words_are_short_plain_and_in_order() -> None:
    words = reference_words()

    assert list(words) == sorted(words)
    assert all(re.fullmatch(r"[a-z]{4,8}", word) for word in words)


def test_the_first_four_letters_tell_a_word() -> None:
    assert len({word[:ENOUGH_LETTERS] for word in reference_words()}) == len(reference_words())


def test_no_two_words_differ_by_one_letter() -> None:
    words, seen = set(reference_words()), set()
    for word in words:
        gaps = {word[:place] + "?" + word[place + 1 :] for place in range(len(word))}
        assert not gaps & seen, word
        assert not {gap.replace("?", "") for gap in gaps} & words, word
        seen |= gaps


def test_no_word_sounds_like_another_of_english_or_is_out_of_place() -> None:
    assert not set(reference_words()) & (SOUND_ALIKE | OUT_OF_PLACE)


def test_a_new_reference_is_drawn_from_all_of_them() -> None:
    drawn = new_words(lambda below: below - 1)

    assert drawn == (reference_words()[-1],) * 5


@pytest.mark.parametrize(
    "written",
    ["acorn bridge cactus dragon elbow", " Acorn, BRIDGE; cactus\tdragon  elbow. ", "acor brid cact drag elbo"],
)
def test_words_are_read_however_they_were_written(written: str) -> None:
    assert read_words(written) == ("acorn", "bridge", "cactus", "dragon", "elbow")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("acorn bridge cactus dragon", "here are 4"),
        ("acorn", "here is 1"),
        ("", "here are 0"),
        ("acorn bridge cactus dragon elbow falcon", "here are 6"),
        ("acorn bridge cactus dragons elbow", "“dragons” is not one"),
        ("acorn bridge cac dragon elbow", "“cac” is not one"),
    ],
)
def test_what_cannot_be_a_reference_is_said_at_once(written: str, said: str) -> None:
    answer = read_words(written)

    assert isinstance(answer, NotAReference)
    assert said in answer.sentence
