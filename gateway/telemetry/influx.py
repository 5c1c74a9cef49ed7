"""InfluxDB 2 by its own client, one synchronous request at a time.

The client's batching mode is not used: when the store fails it drops points without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from http.client import responses
from typing import Any

from gateway.telemetry.points import Point

TIMEOUT_S = 10.0
MOST_RETRY_AFTER_S = 300.0

POINTS_AT_FAULT = frozenset({400, 413, 422})
NOT_LET_IN = frozenset({401, 403, 404})
STORE_GONE = frozenset({502, 503, 504})


class NotTakenError(Exception):
    """The store has not said that it has the points. The text names nobody and holds no secret.

    Attributes:
        points: The points themselves may be at fault.
        asks: Trying again will not help by itself: somebody has to look (token, bucket, organisation, certificate).
        gone: The store was away, and may have lost the last things it had said yes to.
        slow: It did not answer in time.
        retry_after_s: How long it asks to be left alone, seconds.
    """

    def __init__(
        self,
        text: str,
        *,
        points: bool = False,
        asks: bool = False,
        gone: bool = False,
        slow: bool = False,
        retry_after_s: float = 0.0,
    ) -> None:
        """Say what happened."""
        super().__init__(text)
        self.points = points
        self.asks = asks
        self.gone = gone
        self.slow = slow
        self.retry_after_s = retry_after_s


class Influx:
    """A bucket of an InfluxDB 2, or of anything that takes its write requests.

    Args:
        url: ``http://host:8086``.
        org: Organisation.
        bucket: Bucket.
        token: A token that may write there.
    """

    def __init__(self, url: str, org: str, bucket: str, token: str) -> None:
        """Nothing is opened and nothing loaded before the first point."""
        self._url = url
        self._org = org
        self._bucket = bucket
        self._token = token
        self._client: Any = None
        self._api: Any = None
        self._point: Any = None

    @property
    def name(self) -> str:
        """Tells this target from every other: a new address, organisation or bucket is filled from the beginning."""
        return f"{self._url} {self._org}/{self._bucket}"

    def open(self) -> None:
        """Load the client: a second of work, and not everybody has it.

        Raises:
            NotTakenError: The package is not installed.
        """
        try:
            from influxdb_client.client.influxdb_client import InfluxDBClient  # noqa: PLC0415 - optional, and slow
            from influxdb_client.client.write.point import Point as Written  # noqa: PLC0415
            from influxdb_client.client.write_api import SYNCHRONOUS  # noqa: PLC0415
        except ImportError as failure:
            raise NotTakenError("the package influxdb-client is not installed", asks=True) from failure
        self._client = InfluxDBClient(self._url, self._token, org=self._org, timeout=int(TIMEOUT_S * 1000))
        self._api = self._client.write_api(write_options=SYNCHRONOUS)
        self._point = Written

    def line(self, point: Point) -> str:
        """A line of the line protocol, time in nanoseconds."""
        written = self._point(point.measurement).time(point.time_ns)
        for name, word in point.tags.items():
            written.tag(name, word)
        for name, value in point.fields.items():
            written.field(name, value)
        return str(written.to_line_protocol())

    def write(self, lines: Sequence[str]) -> None:
        """One request.

        Raises:
            NotTakenError: Whatever else came than a yes.
        """
        from influxdb_client.rest import ApiException  # noqa: PLC0415
        from urllib3.exceptions import HTTPError, ReadTimeoutError, SSLError  # noqa: PLC0415

        try:
            self._api.write(self._bucket, self._org, "\n".join(lines))
        except ApiException as answer:
            raise _not_taken(int(answer.status or 0), answer.headers) from answer
        except ReadTimeoutError as failure:
            raise NotTakenError(f"no answer within {TIMEOUT_S:g} s", slow=True) from failure
        except (HTTPError, OSError) as failure:
            untrusted = isinstance(failure, SSLError)
            raise NotTakenError(f"cannot be reached ({type(failure).__name__})", asks=untrusted, gone=True) from failure

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()


def _not_taken(status: int, headers: Any) -> NotTakenError:
    """What an answer means. Its body is not repeated: it may quote a line, and with it a home."""
    if not status:
        return NotTakenError("cannot be reached (TLS)", asks=True)
    asked = str((headers or {}).get("Retry-After", ""))
    return NotTakenError(
        f"HTTP {status} {responses.get(status, '')}".strip(),
        points=status in POINTS_AT_FAULT,
        asks=status in NOT_LET_IN,
        gone=status in STORE_GONE,
        retry_after_s=min(float(asked), MOST_RETRY_AFTER_S) if asked.isdigit() else 0.0,
    )
