"""The paper on the life of an incident is drawn from the rules."""

from tests.alerting.incident_paper import PAPER, commands, diagram, drawn


def test_the_paper_is_as_the_rules_are() -> None:
    text = PAPER.read_text(encoding="utf-8")
    assert drawn(text) == text, "run: python -m tests.alerting.incident_paper"


def test_the_diagram_has_the_way_of_an_incident() -> None:
    told = diagram()
    for edge in (
        "open --> claimed: claim",
        "claimed --> verifying: call, prompt",
        "dispatched --> on_scene: recall, arrive, decline_job, report",
        "resolved --> closed: close, agree",
        "closed --> claimed: reopen",
    ):
        assert edge in told, edge
    assert "hold" in commands()
