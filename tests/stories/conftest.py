"""Every promise is kept on either store."""

from on_both_stores import store_url

__all__ = ["store_url"]
