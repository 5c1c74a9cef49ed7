"""Two gateways never judge one household: the second is refused at the store, and the first goes on undisturbed."""

import pytest
from centre import Centre

from gateway.settings import Settings
from gateway.store.seat import StoreTakenError
from nuanhu.wiring import Store


async def test_a_second_gateway_is_refused_and_a_press_meanwhile_rings_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = centre.home()
    monkeypatch.setattr("gateway.store.seat.FORMER_GONE_WITHIN_S", 0.0)
    with pytest.raises(StoreTakenError, match="another gateway writes to"):
        Store(Settings(data=centre.folder / "data", store_url=centre.store_url))
    await centre.press(home)
    with pytest.raises(StoreTakenError):
        Store(Settings(data=centre.folder / "data", store_url=centre.store_url))
    row = await centre.row_of(home)
    assert len(row.alarms) == 1
    await centre.pass_time(seconds=90)
    assert len(await centre.queue()) == 1
    await centre.until(centre.carried, "the page")
    await centre.barrier()
    assert len(centre.carried()) == 1, "one climb, one page"
