"""The whole text of one draft, as golden text: a change of wording shows as a change of that file.

To accept a change, run this test with ACCEPT_GOLDEN=1 in the environment, and read the difference.
"""

from __future__ import annotations

import os

import contentcase

from protocolkit.sources import read

CASE = contentcase.ROOT / "tests" / "cases" / "content" / "crossover.yaml"
GOLDEN = CASE.with_suffix(".txt")


def told() -> str:
    """Return the text of the draft of the crossover case."""
    return contentcase.text(contentcase.draft(read(CASE))) + "\n"


def test_the_draft_of_a_crossover_trial_reads_as_before() -> None:
    """Title page, synopsis, schedule, tables and sentences of a trial with periods and sequences."""
    if os.environ.get("ACCEPT_GOLDEN"):
        GOLDEN.write_text(told(), "utf-8")
    assert told() == GOLDEN.read_text("utf-8")


def test_equal_files_give_equal_drafts() -> None:
    """Nothing in a draft depends on the clock, the folder or the order of a set."""
    assert contentcase.draft(read(CASE)) == contentcase.draft(read(CASE))
