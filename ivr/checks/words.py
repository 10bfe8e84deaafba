"""What callers hear: every word there in every language offered, reviewed, and the audio of these words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ivr.checks.finding import Finding
from ivr.line.audio import Source
from ivr.line.audio_check import prompts_of
from ivr.line.prompts import Prompts, PromptsIncomplete, load_prompts
from shared.domain.vocabulary import Language


def words(online: str, played: frozenset[Source]) -> Iterator[Finding]:
    """``online`` is the other route as it is spoken; ``played`` is which audio callers may hear."""
    try:
        prompts = load_prompts(online)
    except PromptsIncomplete as lack:
        yield Finding("prompts", str(lack), "Write them in voice_prompts/prompts.toml.")
        return
    for language in Language:
        yield reviewed(language, prompts)
    for language in prompts.reviewed:
        yield _audio(language, online, played)


def reviewed(language: Language, prompts: Prompts) -> Finding:
    """Words that nobody has reviewed are not spoken; a caller who asks for them is led to a person who speaks them."""
    about, count = "prompts", len(prompts.words[language])
    if language in prompts.reviewed:
        return Finding(about, f"all {count} in {language}, reviewed")
    return Finding(
        about, f"all {count} in {language}, not reviewed: until then key 2 leads straight to a Welsh speaker",
        "Have them reviewed, then say so in voice_prompts/prompts.toml.",
    )  # fmt: skip


def _audio(language: Language, online: str, played: frozenset[Source]) -> Finding:
    heard: Counter[str] = Counter()
    wrong: list[str] = []
    for prompt in prompts_of(language, online):
        if prompt.entry is None or prompt.entry.source not in played:
            heard["said by Twilio"] += 1
        elif prompt.wrong:
            wrong.append(f"{prompt.piece.id}: {prompt.wrong}")
        else:
            heard["played"] += 1
    found = "; ".join(wrong[:3]) or ", ".join(f"{n} {how}" for how, n in sorted(heard.items()))
    return Finding("audio", f"{language}: {found}", "'candour prompts' lists what to do." if wrong else "")
