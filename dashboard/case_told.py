"""A case file in the words of a screen: for its history, and for whoever it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerting.casefile import OFFICES, Household
from alerting.keeping.consent import ConsentFor
from dashboard.assessment_words import told_of
from dashboard.case_form import fields_of, hidden
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.words import mark

TICKED = frozenset({"forced_entry", "key_holder", "rings_first", "verified", *(it.value for it in ConsentFor)})


async def names_of(site: Site) -> dict[str, str]:
    """What areas and responders are called, by their ids."""
    areas, people = await site.desk.areas(), await site.desk.responders()
    return {it.key: it.name for it in areas} | {it.id: it.name for it in people}


def in_words(
    home: Household, say: Speech, names: Mapping[str, str], id_of: Callable[[str], str] = hidden
) -> dict[str, str]:
    """All fields of a case file by name, empty ones too: no code of ours stands in them.

    Args:
        home: The case file.
        say: The reader's language.
        names: What areas and responders are called.
        id_of: What is shown of a sealed number of an identity card.
    """
    shown = fields_of(home, id_of)
    shown |= {name: f"{names[id_]} ({id_})" for name in OFFICES if (id_ := shown[name]) in names}
    shown |= {"tier": say.tier(home.tier), "area": names.get(home.area, home.area), "datum": say.map_of(shown["datum"])}
    yes = say.gettext(mark("yes"))
    shown |= {name: yes for name, value in shown.items() if value and name.rpartition(".")[2] in TICKED}
    return shown | told_of(home, say)
