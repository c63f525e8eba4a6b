"""Sample sizes at the command line: one, a table over what varies, those of a protocol, and wrong inputs."""

from __future__ import annotations

import json

import pytest
from commandline import EXAMPLE

from protocolkit.cli import run
from protocolkit.sample_size import methods

CLOSED = ["two_means_z", "sd=2.2", "alpha=0.05", "sided=2", "ratio=1"]


def _said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["sample-size", *arguments]) == code
    printed = capsys.readouterr()
    return printed.err if code else printed.out


def test_one_computation_shows_inputs_library_and_quantities(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers to be read, and the same as data."""
    told = _said(capsys, *CLOSED, "delta=1", "power=0.8")
    assert "two_means_z (statistics.NormalDist of Python)" in told
    assert "n_per_arm_ceil     76" in told
    row = json.loads(_said(capsys, *CLOSED, "delta=1", "power=0.8", "--format", "json"))[0]
    assert (row["result"]["n_per_arm_ceil"], row["params"]["sd"], row["method"]) == (76, 2.2, "two_means_z")


def test_a_ratio_may_stand_as_in_a_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    """`2:1` is the first arm to the second, alone and where it is varied; what is no pair of arms is refused."""
    given = ["two_means_z", "sd=2.2", "alpha=0.05", "sided=2", "delta=1", "power=0.8"]
    as_pair, as_number = (
        json.loads(_said(capsys, *given, ratio, "--format", "json"))[0] for ratio in ("ratio=2:1", "ratio=2")
    )
    assert as_pair == as_number
    assert as_pair["params"]["ratio"] == 2
    varied = json.loads(_said(capsys, *given, "--vary", "ratio=1:1,2:1,0.5", "--format", "json"))
    assert [row["params"]["ratio"] for row in varied] == [1, 2, 0.5]
    assert "ratio: a number above 0 is needed, not '1:1:1'" in _said(capsys, *given, "ratio=1:1:1", code=2)


def test_inputs_are_varied_over_every_combination(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which they are given, the last one fastest; what is fixed stands above the table."""
    told = _said(capsys, *CLOSED, "--vary", "delta=1,2", "--vary", "power=0.8,0.9")
    rows = [line.split()[:3] for line in told.splitlines()[4:]]
    assert rows == [["1", "0.8", "76"], ["1", "0.9", "102"], ["2", "0.8", "19"], ["2", "0.9", "26"]]
    assert "sd 2.2, alpha 0.05" in told
    assert len(json.loads(_said(capsys, *CLOSED, "delta=1", "--vary", "power=0.9", "--format", "json"))) == 1


def test_what_a_protocol_states_is_computed_again(capsys: pytest.CaptureFixture[str]) -> None:
    """With the objective that it is for; without the library that the method needs the reason stands there."""
    row = json.loads(_said(capsys, "--file", str(EXAMPLE), "--format", "json"))[0]
    assert (row["name"], row["method"]) == ("O1", "two_means_t")
    assert row["result"].get("n_per_arm_ceil") == 62 or "protocolkit[stats]" in row["reason"]


def test_the_methods_are_listed_with_their_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    """Every method of the library."""
    listed = json.loads(_said(capsys, "--format", "json"))
    assert [row["method"] for row in listed] == list(methods())
    assert "two_means_z\n" in _said(capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["two_means"], "did you mean two_means_"), ([*CLOSED, "delta=0", "power=0.8"], "delta: "),
        ([*CLOSED, "delta=1", "power=1"], "power: "), ([*CLOSED, "delta=1"], "two_means_z takes alpha, delta"),
        ([*CLOSED, "delta=1", "power=0.8", "colour=3"], "colour"), ([*CLOSED, "delta"], "write name=value"),
        ([*CLOSED, "delta=1", "delta=2"], "given twice"), ([*CLOSED, "--vary", "sd=1,2"], "both given and varied"),
        ([*CLOSED, "delta=1", "--vary", "power=0.8,1"], "power: "), (["--file", "none.yaml"], "there is no such file"),
        (["two_means_z", "--file", "x"], "stands in place of METHOD"),
        (["two_means_z", "sd=-2", "delta=1", "alpha=0.05", "sided=2", "ratio=1", "power=0.8"], "sd: "),
        (["two_means_z", "sd=2", "delta=1", "alpha=0", "sided=2", "ratio=1", "power=0.8"], "alpha: "),
        (["spend_ldobf", "alpha=0.05", "sided=2", "info=0.6,0.5,1"], "info: "),
    ],
)  # fmt: skip
def test_a_wrong_input_is_named(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name and what would be right; the exit code is 2."""
    assert words in _said(capsys, *arguments, code=2)


@pytest.mark.parametrize("arguments", [["delta=1", "power=0.8", "bogus=1"], ["delta=1"]])
def test_what_a_method_takes_is_told_once(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """For an input that it does not know as for one that it lacks."""
    assert _said(capsys, *CLOSED, *arguments, code=2).count("takes alpha, delta") == 1
