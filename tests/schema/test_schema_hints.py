"""What a hint on a quantity tells to write is taken where it is told."""

from __future__ import annotations

import contentcase

from protocolkit.document import Document
from protocolkit.schema import check


def test_a_range_is_told_of_where_one_value_is_asked_for() -> None:
    """The hint gives one value, and not two ends that would be refused."""
    path = ("interventions", 0, "product", "final_concentration")
    changed = contentcase.replaced(contentcase.everything(), path, "1 to 10 mg/mL")
    where = "/interventions/0/product/final_concentration"
    found = [one for one in check(Document("a.protocol.yaml", changed)) if one.pointer == where]
    assert [one.hint for one in found] == ["write one value, for example 1 mg/mL"]
    assert "one value is asked for" in found[0].message
