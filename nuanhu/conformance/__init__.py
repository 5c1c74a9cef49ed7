"""``nuanhu conformance``: does a broker, a bridge or a device keep our protocol (docs/protocol.md)?"""
