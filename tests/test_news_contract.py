"""The JSON that other programs rely on: every key always there, and the reference says what each means."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

import first_story
from story_claims import flow, story, written
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge.check import check
from tidewaiter.news.judge.contract import VERSION, schema, to_dict, to_json

REFERENCE = Path(__file__).parent.parent / "docs" / "reference" / "findings.md"
PROMISED = [
    "id",
    "type",
    "sentence",
    "span",
    "quote",
    "exporter",
    "importer",
    "flow",
    "measure",
    "product",
    "period",
    "value",
    "unit",
    "hedge",
    "direction",
    "base_period",
    "base_value",
    "attribution",
    "modality",
    "arithmetic",
    "comparability",
    "data",
    "explanation",
    "repair",
]


@pytest.fixture(scope="module")
def findings():
    import duckdb

    with duckdb.connect(config={"threads": "1"}) as engine:
        frames = first_story.rows().tables(engine)
        return to_dict(check(first_story.extraction(), lambda query: ask(query, frames)))


def nobody(query):
    return Refusal(query, "no_data", "nothing landed")


def test_a_report_keeps_to_the_shipped_schema(findings):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(findings, schema())


def test_an_empty_report_keeps_to_the_shipped_schema():
    jsonschema.validate(to_dict(check(story(), nobody)), schema())


def test_every_promised_key_is_in_every_claim(findings):
    for claim in findings["claims"]:
        assert not set(PROMISED) - set(claim)
        assert {"verdict", "implied_low", "implied_high", "explanation"} <= set(claim["arithmetic"])
        assert {"verdict", "reason", "answers"} <= set(claim["data"])
        assert {"text", "hs"} <= set(claim["product"])


def test_numbers_are_in_base_units_and_periods_have_both_ends(findings):
    first, change = findings["claims"][0], findings["claims"][1]
    assert (first["value"], first["unit"], first["hedge"]) == (42_000_000, "USD", "more_than")
    assert (first["exporter"], first["importer"], first["period"]) == ("RUS", "PRK", "2019-01/2019-11")
    assert (change["value"], change["unit"], change["direction"]) == (20, "%", "up")
    assert (change["base_period"], change["base_value"]) == ("2018-01/2018-12", 32_000_000)
    assert change["comparability"] == "not_like_for_like"
    assert round(change["arithmetic"]["implied_low"]) == 26
    assert round(change["arithmetic"]["implied_high"]) == 37


def test_a_fall_is_negative():
    from story_claims import change

    made = to_dict(check(story(change("6.3 %", direction="down")), nobody))
    assert made["claims"][0]["value"] == -6.3


def test_every_span_points_at_the_words_quoted(findings):
    text = findings["story"]["text"]
    for claim in findings["claims"]:
        start, end = claim["span"]
        assert text[start:end] == claim["quote"]
    for one in findings["unread"]:
        assert text[slice(*one["span"])] == one["text"]


def test_the_working_can_be_done_again_from_its_steps(findings):
    from fractions import Fraction

    step = findings["claims"][1]["steps"][0]
    (new_low, new_high), (old_low, old_high) = (map(Fraction, one["interval"]) for one in step["operands"])
    assert step["op"] == "change"
    assert list(map(Fraction, step["result"])) == [new_low / old_high, new_high / old_low]
    assert step["agrees"] is False


def test_every_row_leads_to_a_file_with_its_sha256(findings):
    for claim in findings["claims"]:
        for answer in claim["data"]["answers"]:
            files = {one["receipt"] for one in answer["files"]}
            assert answer["rows"]
            assert all(row["id"].rsplit(":", 1)[0] in files for row in answer["rows"])
            assert all(len(one["sha256"]) == 64 for one in answer["files"])


def test_json_is_text_that_reads_back_the_same():
    report = check(story(flow("$42.17 million")), nobody)
    assert json.loads(to_json(report)) == to_dict(report)


def described(node, path=""):
    """List each key of the schema with its type and meaning, as the reference has them."""
    lines = []
    for name, part in node.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        kind = " or ".join(f"`{json.dumps(value)}`" for value in part["enum"]) if "enum" in part else ""
        kind = kind or (f"`{json.dumps(part['const'])}`" if "const" in part else "")
        if not kind:
            types = part["type"] if isinstance(part["type"], list) else [part["type"]]
            kind = " or ".join(types)
        lines.append(f"| `{place}` | {kind} | {part['description']} |")
        inner = part["items"] if "items" in part and part["items"].get("properties") else part
        lines += described(inner, f"{place}[]" if inner is not part else place)
    return lines


def test_the_reference_explains_every_key_of_the_schema():
    """Run with TIDEWAITER_REWRITE=1 to write the table anew from the schema."""
    table = "\n".join(["| key | type | meaning |", "|---|---|---|", *described(schema())])
    marker = "<!-- made from findings.schema.json -->"
    text = REFERENCE.read_text("utf-8")
    head = text.split(marker)[0]
    wanted = f"{head}{marker}\n\n{table}\n"
    if os.environ.get("TIDEWAITER_REWRITE"):
        REFERENCE.write_text(wanted, "utf-8")
    assert REFERENCE.read_text("utf-8") == wanted
    assert f"version {VERSION}" in head.lower()


def test_the_world_and_groups_have_a_label_and_no_code():
    made = to_dict(check(story(flow("$5 billion", exporter="RUS", importer="W00")), nobody))["claims"][0]
    assert (made["exporter"], made["exporter_label"]) == ("RUS", "Russia")
    assert (made["importer"], made["importer_label"]) == (None, "World")
    made = to_dict(check(story(flow("$5 billion", exporter="EUR", importer="RUS")), nobody))["claims"][0]
    assert (made["exporter"], made["exporter_label"], made["importer"]) == (None, "European Union", "RUS")


@pytest.mark.parametrize(
    ("inside", "outside"), [("bbl", "barrel"), ("bbl/d", "barrel/day"), ("short ton", "short ton"), ("t", "t")]
)
def test_units_are_the_words_people_use(inside, outside):
    made = to_dict(check(story(flow(written("4,000", unit=inside), measure="volume")), nobody))["claims"][0]
    assert made["unit"] == outside


def test_a_multiple_is_counted_in_times_and_always_has_a_direction():
    from story_claims import change

    made = to_dict(check(story(change(written("sixfold", value=6), direction=None)), nobody))["claims"][0]
    assert (made["value"], made["unit"], made["direction"]) == (6, "times", "up")


def test_a_deficit_is_negative():
    from story_claims import claim

    deficit = claim(
        "balance", parties=("KOR", "RUS"), flow="balance", period="2019", number=written("$2 billion"), direction="down"
    )
    assert to_dict(check(story(deficit), nobody))["claims"][0]["value"] == -2_000_000_000
