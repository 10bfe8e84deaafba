"""Everyone in the organisation, in words."""

from typing import Any

from console.models.people import PeopleModel
from shared.domain.vocabulary import Language, Role
from shared.people_messages import MemberCard, People, PersonFacts


def card(name: str, second_factor: bool) -> MemberCard:
    facts = PersonFacts(name=name, roles=(Role.HANDLER,), languages=(Language.EN,), handset=None, handset_trusted=False)
    return MemberCard(
        id=f"{len(name):032x}",
        facts=facts,
        active=True,
        locked=False,
        second_factor=second_factor,
        shares_handset=False,
    )


def standings(**second_factors: bool) -> list[str]:
    model = PeopleModel()
    model.show(People(people=tuple(card(*one) for one in second_factors.items()), proposals=(), newcomers=()))
    return [model.standing(one) for one in model.people]


def test_a_missing_second_factor_is_told_only_where_others_have_one() -> None:
    assert standings(Asha=True, Owen=False, Carys=True) == [
        "Call handler",
        "Call handler, no second factor yet",
        "Call handler",
    ]
    assert standings(Asha=False, Owen=False) == ["Call handler", "Call handler"]


def test_the_same_people_again_are_not_drawn_again(qtbot: Any) -> None:
    model, everyone = PeopleModel(), People(people=(card("Asha", True),), proposals=(), newcomers=())
    model.show(everyone)
    drawn: list[None] = []
    model.changed.connect(lambda: drawn.append(None))

    model.show(everyone.model_copy())
    before = len(drawn)
    model.show(None)

    assert (before, len(drawn), model.people) == (0, 1, ())
