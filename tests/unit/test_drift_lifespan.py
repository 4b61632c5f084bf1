"""An application that drift calls in process begins before the first request and ends with the run (ASGI, lifespan)."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.contract.loading import load
from understudy.drift.fuzzing import fuzz
from understudy.drift.target import Progress, Settings, Target


class App:
    """Answers 404 to everything, and remembers what it was told in which order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.told.append("http")
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        for _ in range(2):
            message = await receive()
            self.told.append(message["type"])
            await send({"type": f"{message['type']}.complete"})


def test_it_begins_and_ends_with_the_run() -> None:
    for _ in range(2):
        app = App()
        fuzz(load("talkturo"), Target(app=app), Settings(seed=1, max_examples=1, max_steps=2))
        assert (app.told[0], app.told[-1]) == ("lifespan.startup", "lifespan.shutdown")
        assert set(app.told[1:-1]) == {"http"}


def test_it_ends_where_the_run_is_broken_off() -> None:
    app = App()

    def stop(progress: Progress) -> None:
        if progress.cases:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fuzz(load("talkturo"), Target(app=app), Settings(seed=1, max_examples=1, max_steps=2), stop)
    assert app.told[-1] == "lifespan.shutdown"
