"""Another system of the city, as it calls ``/api/v1`` with the key of a peer."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
from centre import Centre

from alerting.enrolment.commands import SavePeer
from alerting.peers import Peer
from dashboard.api.callers import hash_of, new_key

ADDRESS = "http://centre.test/api/v1"


class OtherSystem:
    """One of them.

    Attributes:
        web: Its calls.
        id: Of its peer.
    """

    def __init__(self, centre: Centre, id_: str, key: str) -> None:
        """It knows its key."""
        transport = httpx.ASGITransport(app=centre.gateway.app, raise_app_exceptions=False)
        self.id = id_
        self.key = key
        self.web = httpx.AsyncClient(
            transport=transport, base_url=ADDRESS, headers={"Authorization": f"Bearer {key}"} if key else {}
        )

    async def get(self, path: str, status: int = 200, **params: Any) -> Any:
        """What is answered, as JSON."""
        answer = await self.web.get(path, params=params)
        assert answer.status_code == status, answer.text
        return msgspec.json.decode(answer.content)

    async def put(self, number: str, home: dict[str, Any], version: str = "", **params: Any) -> httpx.Response:
        """Give one home."""
        headers = {"If-Match": f'"{version}"'} if version else {}
        return await self.web.put(
            f"/households/{number}", content=msgspec.json.encode(home), headers=headers, params=params
        )

    async def batch(self, *homes: dict[str, Any], **params: Any) -> httpx.Response:
        """Give many."""
        body = msgspec.json.encode({"households": homes})
        return await self.web.post("/households:batch", content=body, params=params)

    async def news(self, after: str, limit: int = 100) -> tuple[list[dict[str, Any]], str]:
        """All news behind a cursor, page by page, and the cursor behind it."""
        events: list[dict[str, Any]] = []
        while True:
            page = await self.get("/changes", after=after, limit=limit)
            events += page["events"]
            after = page["cursor"]
            if not page["more"]:
                return events, after


async def connected(centre: Centre, *, area: str = "", writes: bool = True, id_: str = "city") -> OtherSystem:
    """A system with a key of its own."""
    key = new_key(id_)
    peer = Peer(id=id_, title=f"平台{id_}", area=area, may_write=writes, key_hash=hash_of(key))
    assert (await centre.gateway.desk.submit(SavePeer(peer=peer, by="root"))).done
    return OtherSystem(centre, id_, key)


def new_home(centre: Centre, **more: Any) -> dict[str, Any]:
    """A home as another system gives it, in the first village of the town."""
    village = centre.plan.homes[0]
    home = centre.gateway.directory.households[village.household]
    return {
        "area": home.area,
        "address": "沙埠村12号",
        "tier": "care",
        "residents": [{"name": "张桂兰", "birth_year": 1941, "phone": "19900000001"}],
        "contacts": [{"name": "周小妹", "relation": "女儿", "phone": "19900000002", "hours": "08:00-20:00"}],
    } | more
