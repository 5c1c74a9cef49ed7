"""Incidents whose responders are on their way: what the desk and they say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from centre import Centre

from alerting.commands import AcceptJob, DeclineJob, Dispatch, Note, Recall, ReportStage
from alerting.dispatch.job import HandedTo, Job, Stage
from alerting.model import EntryKind
from gateway.desk.contract import Answer, QueueRow
from nuanhu.town.homes import Home


class OnTheWay:
    """One home's incident, which zuoxi1 has.

    Attributes:
        row: As it was when somebody asked last.
    """

    def __init__(self, centre: Centre, home: Home, row: QueueRow) -> None:
        self.centre = centre
        self.home = home
        self.row = row

    @property
    def _who(self) -> dict[str, Any]:
        return {"key": self.row.key, "incident": self.row.incident}

    async def send(self, responder: str, **more: Any) -> Answer:
        return await self.centre.ask(Dispatch(**self._who, by="zuoxi1", responder=responder, **more))

    async def recall(self, responder: str) -> Answer:
        return await self.centre.ask(Recall(**self._who, by="zuoxi1", responder=responder))

    async def accepts(self, responder: str, **more: Any) -> Answer:
        return await self.centre.ask(AcceptJob(**self._who, by=f"responder:{responder}", **more))

    async def cannot_go(self, responder: str, why: str = "") -> Answer:
        return await self.centre.ask(DeclineJob(**self._who, by=f"responder:{responder}", text=why))

    async def says(
        self, responder: str, stage: Stage, to: HandedTo | None = None, at: datetime | None = None
    ) -> Answer:
        said = ReportStage(**self._who, by=f"responder:{responder}", stage=stage, to=to, tapped_at=at)
        return await self.centre.ask(said)

    async def works(self, minutes: int) -> None:
        """So many minutes in which zuoxi1 is at work on it, and writes so every few."""
        for n in range(minutes):
            if n % 4 == 0:
                await self.centre.ask(Note(**self._who, by="zuoxi1", text="联系中"))
            await self.centre.pass_time(minutes=1)

    async def let_go(self, responder: str) -> Answer:
        """The desk agrees that nobody has to stay."""
        agreed = ReportStage(**self._who, by="zuoxi1", stage=Stage.HANDED_OVER, responder=responder, to=HandedTo.DESK)
        return await self.centre.ask(agreed)

    async def job(self, responder: str) -> Job:
        """The job as it stands, also of a closed incident."""
        job = (await self.centre.incident(self.row.incident)).incident.job_of(responder)
        assert job is not None, "never sent"
        return job

    async def stage(self, responder: str) -> Stage:
        return (await self.job(responder)).stage

    async def now(self) -> QueueRow:
        """The row as it stands."""
        self.row = await self.centre.row_of(self.home)
        return self.row

    async def lines(self, kind: EntryKind) -> list[str]:
        return [it.text for it in (await self.centre.incident(self.row.incident)).timeline if it.kind is kind]

    def rang(self) -> int:
        return self.centre.rang.count(self.row.incident)


async def claimed(centre: Centre, home: Home | None = None) -> OnTheWay:
    """A press that zuoxi1 has claimed."""
    home = home or centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    return OnTheWay(centre, home, await centre.row_of(home))


async def near(centre: Centre, home: Home | None = None) -> list[str]:
    """Ids of who may be sent to a home, the nearest duty first."""
    view = await centre.gateway.desk.household((home or centre.home()).household)
    assert view is not None
    return [it.id for it in view.responders]
