"""Errors, quantities, rule files and settings: what they promise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from tidewaiter.base import errors, schema
from tidewaiter.base.errors import RuleError, nearest
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.base.settings import Settings


class Goods(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    codes: list[str]


class Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    goods: list[Goods]


def test_every_error_stands_in_the_tree_that_the_docstring_draws():
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(classes) > 8
    for each in classes:
        assert each.__name__ in (errors.__doc__ or "")
        assert issubclass(each, errors.TidewaiterError)


def test_the_nearest_spelling_is_named_and_nothing_is_named_for_nonsense():
    assert nearest("Rusia", ["Russia", "France"]) == "; nearest: Russia"
    assert nearest("qqqq", ["Russia", "France"]) == ""


def test_a_quantity_outside_its_own_interval_cannot_be_made():
    with pytest.raises(ValueError, match="outside its interval"):
        Quantity(Decimal(3), "USD", Decimal(4), Decimal(5))


def test_a_good_rule_file_is_read():
    rules = parse_rules('name: one\ngoods:\n  - codes: ["0101"]\n', "one.yml", Rules)
    assert rules.goods[0].codes == ["0101"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "one.yml:1: the file is empty"),
        ("name: [", r"one.yml:\d+: not valid YAML"),
        ("name: one\nname: two\n", "one.yml:2: name: written before on line 1"),
        ("name: one\ngoods:\n  - codes: [0101]\n", r"one.yml:3: goods\.0\.codes\.0: .*got 65"),
        ("name: NO\ngoods: []\n", "one.yml:1: name: .*got False"),
        ("name: one\ngoods: []\nextra: 1\n", "one.yml:3: extra"),
        ("name: one\n", "one.yml:1: goods: Field required"),
    ],
)
def test_a_wrong_rule_file_is_refused_with_file_line_and_key(text, says):
    with pytest.raises(RuleError, match=says):
        parse_rules(text, "one.yml", Rules)


def test_the_lake_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("TIDEWAITER_HOME", str(tmp_path))
    assert Settings().home == str(tmp_path)
    monkeypatch.delenv("TIDEWAITER_HOME")
    assert Path(Settings().home).name == "tidewaiter"


def test_every_column_says_what_it_means_and_every_key_is_a_column():
    for table in schema.TABLES:
        assert len(set(table.names)) == len(table.names)
        assert all(len(column.meaning) > 3 for column in table.columns)
        assert set(table.key) | set(table.partitions) <= set(table.names)
        assert {check.column for check in table.all_checks} <= set(table.names)


def test_both_readers_of_yaml_give_the_same_lines_and_words():
    import yaml

    from tidewaiter.base import rulefile

    def drawn(node):
        if isinstance(node, yaml.ScalarNode):
            return node.tag, node.value, node.start_mark.line
        pairs = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
        return node.tag, node.start_mark.line, [drawn(each) for each in pairs]

    cards = sorted((Path(rulefile.__file__).parent.parent / "statistics" / "sources").glob("*.yml"))
    assert cards
    for card in cards:
        text = card.read_text("utf-8")
        assert drawn(rulefile._compose(text)) == drawn(yaml.compose(text, Loader=yaml.SafeLoader))
