"""What administrators are told of somebody, from what the organisation knows of them."""

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
