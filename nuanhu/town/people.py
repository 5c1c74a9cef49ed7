"""Invented people: residents, whom to telephone, who goes to the door."""

from __future__ import annotations

import msgspec

from alerting.casefile import Contact, Household, Resident, Responder, Skill
from alerting.model import RiskTier
from nuanhu.town.dice import Dice, dice_for
from nuanhu.town.names import (
    ACCESS,
    HEALTH,
    MEN_NOW,
    MEN_THEN,
    RISKS,
    ROADS,
    SURNAMES,
    WOMEN_NOW,
    WOMEN_THEN,
)
from nuanhu.town.places import District, Village, place_in

YEAR = 2025
PHONES_A_HOME = 10
RESPONDER_PHONES = 900_000
GRID_WORKERS_A_VILLAGE = 2
FIRST_AID_SHARE = 0.3
SKILLS = {"electrician": (Skill.ELECTRICIAN,), "social": (Skill.FIRST_AID, Skill.SIGN_LANGUAGE)}

TIER_SHARES = ((RiskTier.URGENT, 0.05), (RiskTier.COVERED, 0.17), (RiskTier.CARE, 0.33), (RiskTier.WATCH, 0.45))
MOBILITY = (("行动自如", 0.5), ("拄拐行走", 0.24), ("助行器", 0.13), ("轮椅", 0.07), ("卧床为主", 0.06))
HEARING = (("正常", 0.58), ("稍差", 0.27), ("重听", 0.13), ("聋", 0.02))
FRAIL = ("轮椅", "卧床为主")


class Character(msgspec.Struct, frozen=True):
    """What of a resident's health decides how they live: used for habits, never shown."""

    age: int
    frail: bool
    bedridden: bool


def phone(number: int) -> str:
    """An invented mobile number: ``19900`` and six digits, 0-999999."""
    return f"19900{number:06d}"


def chosen(dice: Dice, shares: tuple[tuple[str, float], ...]) -> str:
    """One of several words, by their shares (which add up to 1)."""
    return dice.choices([word for word, _ in shares], [share for _, share in shares])[0]


def surname(dice: Dice) -> str:
    """A family name, the common ones oftener."""
    return SURNAMES[min(int(dice.expovariate(1 / 18)), len(SURNAMES) - 1)]


def plan_responders(seed: int, district: District) -> tuple[Responder, ...]:
    """A town has a responsible person, a social worker, an electrician; a village one of the first and grid workers."""
    dice, whereabouts = dice_for(seed, "responders"), dice_for(seed, "whereabouts")
    at = {village.area.key: village for village in district.villages}
    towns = {village.area.parent: village for village in reversed(district.villages)}
    found: list[Responder] = []

    def add(area: str, duty: str, number: int) -> None:
        name = surname(dice) + dice.choice(MEN_NOW if dice.random() < 0.5 else WOMEN_NOW)
        short = area.split(".", 2)[2].replace(".", "-")
        found.append(
            Responder(
                id=f"{duty}-{short}" + (f"-{number}" if number else ""),
                name=name,
                phone=phone(RESPONDER_PHONES + len(found)),
                area=area,
                duty=duty,
                place=place_in(at.get(area) or towns[area], whereabouts),
                skills=SKILLS.get(duty, ()) or ((Skill.FIRST_AID,) if whereabouts.random() < FIRST_AID_SHARE else ()),
            ),
        )

    for town in sorted({v.area.parent for v in district.villages}):
        add(town, "town", 0)
        add(town, "social", 0)
    for village in district.villages:
        add(village.area.key, "village", 0)
        for number in range(1, GRID_WORKERS_A_VILLAGE + 1):
            add(village.area.key, "grid", number)
    for town in sorted({v.area.parent for v in district.villages}):  # last: who was there before stays who they are
        add(town, "electrician", 0)
    return tuple(found)


def plan_household(seed: int, number: int, district: District) -> tuple[Household, Character]:
    """Household ``number`` (from 1): the same whatever the size of the town."""
    dice = dice_for(seed, "household", number)
    weights = [1.6 if v.urban else 1.0 for v in district.villages]
    village = dice.choices(district.villages, weights)[0]
    residents, character = _residents(dice, number)
    tier = _tier(dice, character)
    short = village.area.key.split(".", 2)[2].replace(".", "-")
    household = Household(
        key=f"WX{number:05d}",
        area=village.area.key,
        address=_address(dice, village, district),
        place=place_in(village, dice),
        tier=tier,
        categories=_categories(dice, residents, character, tier),
        residents=residents,
        contacts=_contacts(dice, number, residents[0]),
        town_responder=f"town-{short.split('-')[0]}",
        village_responder=f"village-{short}",
        access=dice.choice(ACCESS),
        risks=tuple(dice.sample(RISKS, dice.choices((0, 1, 2, 3), (30, 40, 22, 8))[0])),
    )
    return household, character


def _residents(dice: Dice, number: int) -> tuple[tuple[Resident, ...], Character]:
    age = int(min(99, max(46, dice.gauss(77, 8.5))))
    woman = dice.random() < 0.6
    mobility = chosen(dice, MOBILITY)
    first = Resident(
        name=surname(dice) + dice.choice(WOMEN_THEN if woman else MEN_THEN),
        birth_year=YEAR - age,
        sex="女" if woman else "男",
        phone=phone(number * PHONES_A_HOME),
        health=tuple(word for word, share in HEALTH if dice.random() < share),
        mobility=mobility,
        hearing=chosen(dice, HEARING),
    )
    character = Character(age, mobility in FRAIL, mobility == FRAIL[1])
    if dice.random() < 0.86:
        return (first,), character
    spouse = dice.random() < 0.6
    other_woman = (not woman) if spouse else dice.random() < 0.4
    second = Resident(
        name=(surname(dice) if spouse or woman else first.name[0])
        + dice.choice((WOMEN_THEN if spouse else WOMEN_NOW) if other_woman else (MEN_THEN if spouse else MEN_NOW)),
        birth_year=first.birth_year + (dice.randint(-4, 5) if spouse else dice.randint(24, 34)),
        sex="女" if other_woman else "男",
        phone=phone(number * PHONES_A_HOME + 9) if spouse else "",
        health=("高血压",) if spouse else (dice.choice(("智力残疾二级", "精神残疾二级", "肢体残疾一级")),),
        mobility="行动自如" if spouse else "需看护",
        hearing="正常",
    )
    return (first, second), character


def _tier(dice: Dice, character: Character) -> RiskTier:
    points = dice.random() - (0.25 if character.frail else 0.0) - (0.08 if character.age >= 85 else 0.0)
    below = 0.0
    for tier, share in TIER_SHARES:
        below += share
        if points < below:
            return tier
    return RiskTier.WATCH


def _categories(
    dice: Dice,
    residents: tuple[Resident, ...],
    character: Character,
    tier: RiskTier,
) -> tuple[str, ...]:
    income = {RiskTier.URGENT: (35, 35, 15, 15), RiskTier.COVERED: (30, 45, 15, 10)}.get(tier, (6, 24, 20, 50))
    words = [dice.choices(("特困", "低保", "低保边缘", ""), income)[0]]
    words.append("独居" if len(residents) == 1 else "老养残" if residents[1].mobility == "需看护" else "空巢")
    words.append("高龄" if character.age >= 80 else "")
    words.append("失能" if character.bedridden else "重残" if character.frail else "")
    words.append("失独" if dice.random() < 0.04 else "")
    words.append("大病" if dice.random() < 0.07 else "")
    return tuple(word for word in words if word)


def _contacts(dice: Dice, number: int, resident: Resident) -> tuple[Contact, ...]:
    """In the order of calling: mostly a child first, then whoever is near and has the key."""
    own = number * PHONES_A_HOME
    found: list[Contact] = []

    def add(name: str, relation: str, distance_m: int, *, key: bool = False) -> None:
        found.append(
            Contact(
                name=name,
                relation=relation,
                phone=phone(own + 1 + len(found)),
                key_holder=key,
                distance_m=distance_m,
            ),
        )

    for _ in range(dice.choices((0, 1, 2), (14, 56, 30))[0]):
        son = dice.random() < 0.52
        family = resident.name[0] if son or resident.sex == "男" else surname(dice)
        far_m = dice.choice((1_200, 6_000, 18_000, 120_000, 360_000, 1_100_000))
        add(family + dice.choice(MEN_NOW if son else WOMEN_NOW), "儿子" if son else "女儿", far_m, key=far_m < 20_000)
    if not found or dice.random() < 0.3:
        niece = dice.random() < 0.5
        name = resident.name[0] + dice.choice(WOMEN_NOW if niece else MEN_NOW)
        add(name, "侄女" if niece else "侄子", dice.choice((800, 3_500, 25_000)))
    neighbour_woman = dice.random() < 0.6
    name = surname(dice) + dice.choice(WOMEN_THEN if neighbour_woman else MEN_THEN)
    add(name, "邻居", dice.choice((15, 30, 60, 120)), key=dice.random() < 0.75)
    return tuple(found)


def _address(dice: Dice, village: Village, district: District) -> str:
    town = next(area.name for area in district.areas if area.key == village.area.parent)
    if village.urban:
        road, gate = dice.choice(ROADS), dice.randint(2, 288)
        building, unit, room = dice.randint(1, 24), dice.randint(1, 4), dice.randint(1, 6) * 100 + dice.randint(1, 4)
        return f"{town}{village.area.name}{road}{gate}号{building}幢{unit}单元{room}室"
    return f"{town}{village.area.name}{dice.randint(1, 14)}组{dice.randint(1, 96)}号"
