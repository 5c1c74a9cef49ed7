"""The MQTT broker run as a supervised child process, its accounts and its access rules."""

from gateway.broker.access import BrokerError, BrokerUser, bridge_user, check_prefixes, gateway_user
from gateway.broker.child import ChildBroker, Preference

__all__ = ["BrokerError", "BrokerUser", "ChildBroker", "Preference", "bridge_user", "check_prefixes", "gateway_user"]
