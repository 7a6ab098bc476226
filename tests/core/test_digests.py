"""What goes into a digest is JSON as the standard library writes it: anybody can compute it again."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core import digests

DETAILS = st.dictionaries(
    st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none() | st.booleans() | st.lists(st.text(max_size=4))
)


def by_hand(*parts: Any) -> str:
    text = json.dumps([digests.FORM, *parts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@given(st.text(), st.text(), DETAILS)
def test_a_commitment_is_json_with_sorted_names(salt: str, name: str, personal: dict[str, Any]) -> None:
    assert digests.commitment(salt, name, personal) == by_hand(salt, name, personal)


@given(st.uuids(), st.none() | st.uuids(), st.none() | st.uuids(), st.text(), DETAILS)
def test_so_is_an_entry(key: UUID, by: UUID | None, station: UUID | None, about: str, details: dict[str, Any]) -> None:
    at = datetime(2020, 6, 6, 1, 2, 3, 4, tzinfo=UTC)
    who, where = (None if one is None else str(one) for one in (by, station))
    told = digests.digest(
        id=key, at=at, kind="visit", by_id=by, station_id=station, about_type="a.b", about_id=about, details=details,
        commitment="c",
    )  # fmt: skip
    moment = "2020-06-06T01:02:03.000004+00:00"
    assert told == by_hand(str(key), moment, "visit", who, where, "a.b", about, details, "c")
