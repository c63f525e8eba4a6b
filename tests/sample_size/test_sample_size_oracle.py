"""The methods agree with R, run by `tools/sample_size_oracle.R`; its results are kept as a table."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from protocolkit.sample_size import again, required

pytest.importorskip("statsmodels", reason="the extra protocolkit[stats] is not installed")

TABLE = Path(__file__).resolve().parents[1] / "cases" / "sample-size-r.csv"
AGREES = 2e-4  # R's solvers stop at about 1e-4


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['method']}-{row['value']}")
def test_a_method_agrees_with_r(row: dict[str, str]) -> None:
    """Each quantity is the one of rpact, epiR, pwr or stats."""
    name, place = re.fullmatch(r"(\w+)(?:\[(\d)\])?", row["quantity"]).groups()  # type: ignore[union-attr]
    for computed in (required, again.required):
        found: Any = computed(row["method"], **json.loads(row["params"]))[name]
        assert (found[int(place)] if place else found) == pytest.approx(float(row["value"]), rel=AGREES)
