"""The Desk's side for channels, of a running gateway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from alerting.casefile import Channel
from alerting.duty.reach import RESPONDER
from gateway.desk.vitals import PhoneView
from gateway.notify.channels import Channels
from gateway.paging.channel_desk import ChannelsView, PhoneWays, TestSend
from gateway.paging.channel_tests import ChannelTests
from gateway.paging.numbers import is_subscriber, normal
from gateway.paging.outside import Told
from gateway.settings import Settings
from gateway.writing.directory import Directory

HEAD, TAIL = 3, 4


class LiveChannels:
    """See ``gateway.paging.channel_desk.ChannelDesk`` for what each question means.

    Args:
        channels: The ways.
        tests: Sends the tests.
        phones: What is known of the duty telephones.
        directory: The registry in memory.
        settings: What is set up.
    """

    def __init__(
        self,
        channels: Channels,
        tests: ChannelTests,
        phones: Callable[[], Sequence[PhoneView]],
        directory: Directory,
        settings: Settings,
    ) -> None:
        """Answer from these parts."""
        self.__channels = channels
        self.__tests = tests
        self.__phones = phones
        self.__directory = directory
        self.__settings = settings

    async def channels(self) -> ChannelsView:
        """What is set up, and whether it works as far as known."""
        people = Counter[str]()
        for id_, person in self.__directory.people.persons.items():
            if id_.startswith(RESPONDER) or id_ in self.__directory.accounts:
                people.update(line.channel for line in person.lines)
        return ChannelsView(
            phones=tuple(PhoneWays(phone=it, ways=self.__channels.kinds(it.name)) for it in self.__phones()),
            providers=self.__channels.views(),
            people={channel.value: people[channel.value] for channel in Channel},
            exchange=bool(self.__settings.telephony_token.get_secret_value()),
            links=bool(self.__settings.base_url),
        )

    async def test_sends(self) -> Sequence[TestSend]:
        """The latest tests since the start, the latest first."""
        return self.__tests.all()

    async def send_test(self, channel: str, to: str, by: str) -> Told:
        """Send a message that is a test and nothing else."""
        address, name = "", to
        if channel == "own":
            channel, address = to, self.__directory.addresses.of(by, to)
            name = self.__directory.name_of(by)
            if not address:
                return Told(refused="no_address")
        elif channel in {"sms", "voice"}:
            number = normal(to, self.__settings.area_code)
            if not is_subscriber(number):
                return Told(refused="bad_test")
            address, name = number, f"{number[:HEAD]}{'*' * (len(number) - HEAD - TAIL)}{number[-TAIL:]}"
        elif channel != "phone" or to not in {it.name for it in self.__phones()}:
            return Told(refused="bad_test")
        if channel in {"sms", "voice"} and "://" not in address and not self.__channels.carries(channel):
            return Told(refused="no_carrier")
        if not self.__tests.may(by):
            return Told(refused="too_many_tests")
        self.__tests.send(by, channel, name, address)
        return Told()
