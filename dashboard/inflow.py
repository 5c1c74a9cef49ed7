"""What machines post from outside: bounded in size before anything of it is read."""

from __future__ import annotations

from fastapi import HTTPException, Request

LONGEST_BODY = 65_536


async def bounded_body(request: Request, longest: int = LONGEST_BODY) -> bytes:
    """The body of a request, as long as it is short.

    Raises:
        HTTPException: 413 when it is not.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            raise HTTPException(413)
    return bytes(body)
