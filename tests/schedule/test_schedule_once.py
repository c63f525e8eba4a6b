"""What follows from a whole document is worked out once, however many rules ask for it."""

from __future__ import annotations

import gc
import weakref
from importlib import import_module
from typing import TYPE_CHECKING

from rulecases import example

from protocolkit import api
from protocolkit.document import Document, Node, once
from protocolkit.dosing import dose_table
from protocolkit.schedule import timetable

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from protocolkit.schedule import Stop

DATA = {"interventions": [{"id": "A", "kind": "drug"}], "schedule": {"visits": [{"id": "V1"}]}}


def test_what_is_asked_again_is_not_worked_out_again() -> None:
    """The work is done once for each node of each document."""
    asked: list[str] = []

    @once
    def pointer(node: Node) -> str:
        asked.append(node.pointer)
        return node.pointer

    root = Document("p", DATA).root
    for node in (root, root["interventions"], root, root["interventions"]):
        assert pointer(node) == node.pointer
    assert asked == ["", "/interventions"]
    assert pointer(Document("p", DATA).root) == ""
    assert asked == ["", "/interventions", ""]


def test_timetable_and_doses_of_a_document_are_kept() -> None:
    """Two questions get the one timetable and the one table of doses."""
    root = Document("p", DATA).root
    assert timetable(root) is timetable(root)
    assert dose_table(root["interventions"][0]) is dose_table(root.at("/interventions/0"))


def test_checking_places_the_visits_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All rules together place each visit of an example once."""
    module = import_module("protocolkit.schedule.timetable")
    stop: Callable[..., Stop] = module._stop
    placed: list[str] = []

    def counted(visit: Node, *args: object) -> Stop:
        placed.append(visit.pointer)
        return stop(visit, *args)

    monkeypatch.setattr(module, "_stop", counted)
    api.validate(example("examplipril-hypertension").named("again"))
    assert len(placed) == len(set(placed)) > 0


def test_a_checked_document_is_freed_with_its_last_user() -> None:
    """What rules worked out does not keep a document in memory until a search for cycles comes by."""
    document = example("examplipril-hypertension").named("again")
    kept = weakref.ref(document)
    enabled = gc.isenabled()
    gc.disable()
    try:
        report = api.validate(document)
        del document
        assert report.files
        assert kept() is None
    finally:
        if enabled:
            gc.enable()
