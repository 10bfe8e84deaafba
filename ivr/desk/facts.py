"""What administrators are told of somebody, from what the organisation knows of them, and what they say themselves."""

from shared.domain.people import Particulars
from shared.people_messages import PersonFacts


def facts_of(told: Particulars) -> PersonFacts:
    return PersonFacts(
        name=told.name,
        roles=told.roles,
        languages=told.languages,
        handset=told.handset,
        handset_trusted=told.handset_trusted,
    )


def particulars_of(facts: PersonFacts) -> Particulars:
    """What an administrator says of somebody, each role and language once."""
    roles, languages = tuple(dict.fromkeys(facts.roles)), tuple(dict.fromkeys(facts.languages))
    return Particulars(facts.name, roles, languages, facts.handset, facts.handset_trusted)
