"""A regime file that is in doubt is refused with file, line and key; nothing is half-loaded."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidewaiter.base.errors import RuleError
from tidewaiter.law import rulebook

GOOD = """\
id: {id}
title: A regime to try things on
authority: Nobody
targets: ["PRK"]
hs: HS2017
sources:
  page: {{title: A page, url: "https://example.org/page"}}
readings:
  - {{id: "q:wide", words: wide, verified: false}}
  - {{id: "q:narrow", words: narrow, verified: false}}
acts:
  - id: act
    name: the act
    symbol: A/1
    adopted: 2017-01-10
    words: bans things
    verified: true
    sources: [page]
measures:
  - id: old
    act: act
    paragraph: "1"
    kind: quota
    direction: from_target
    words: fish
    start: 2017-01-10
    end: 2017-12-31
    verified: false
    goods:
      - {{words: fish, codes: ["0302"], coverage: exact, assigned_by: engine, verified: false}}
    quotas:
      - {{start: 2017-01-10, end: 2017-12-31, period: span, amounts: [{{value: 5, unit: t}}], words: 5 t, verified: false}}
  - id: new
    act: act
    paragraph: "2"
    kind: export_ban
    direction: from_target
    words: fish
    start: 2018-01-01
    verified: true
    sources: [page]
    supersedes: [old]
    wind_down: {{end: 2018-01-31, contract_before: 2018-01-01, words: a month, verified: false}}
    goods:
      - {{words: fish, codes: ["0302", "0303"], coverage: exact, assigned_by: engine, verified: false}}
    exemptions:
      - {{id: gifts, words: gifts, reach: some, codes: ["0302"], verified: false}}
"""


def written(tmp_path: Path, old: str = "", new: str = "", name: str = "trial") -> Path:
    text = GOOD.format(id=name)
    assert not old or text.count(old) >= 1, "the test changes nothing"
    path = tmp_path / f"{name}.yml"
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return path


def test_a_good_file_loads_and_keeps_every_record(tmp_path):
    regime = rulebook.load_file(written(tmp_path))
    assert [measure.id for measure in regime.measures] == ["old", "new"]
    new = regime.measures[1]
    assert str(new.cite) == "the act, paragraph 2"
    assert new.wind_down is not None
    assert new.goods[0].codes == ("0302", "0303")
    assert new.goods[0].hs == "HS2017"
    assert new.sources[0].url == "https://example.org/page"


REFUSED = {
    "a code that is not a string": ('codes: ["0302"], coverage', "codes: [0302], coverage", r"codes\.0: .*string"),
    "a code of odd length": ('codes: ["0302"], coverage', 'codes: ["302"], coverage', "codes.0"),
    "a code unknown in its edition": (
        'codes: ["0302"], coverage',
        'codes: ["0398"], coverage',
        "does not exist in HS2017",
    ),
    "a code of a later edition": ('codes: ["0302", "0303"]', 'codes: ["0309"]', "it stands in HS2022"),
    "an unknown edition": ("hs: HS2017", "hs: HS2016", "HS edition 'HS2016' is unknown"),
    "an unknown key": ("kind: quota", "kind: quota\n    clause: x", "clause: Extra inputs"),
    "an unknown kind": ("kind: export_ban", "kind: ban", "kind: Input should be"),
    "a paragraph without quotes": ('paragraph: "2"', "paragraph: 2", "paragraph: .*string"),
    "a missing paragraph": ('    paragraph: "2"\n', "", "paragraph: Field required"),
    "a key written twice": (
        "    words: fish\n    start: 2018",
        "    words: fish\n    words: eel\n    start: 2018",
        "written before",
    ),
    "a direction against the kind": (
        "kind: export_ban\n    direction: from_target",
        "kind: export_ban\n    direction: to_target",
        "an export_ban runs from_target",
    ),
    "a day as text": ("start: 2018-01-01\n", 'start: "2018-01-01"\n', "without quotes"),
    "a day that does not exist": ("start: 2018-01-01\n", "start: 2018-02-30\n", "2018-02-30: day is out of range"),
    "an anchor that holds itself": ("acts:\n", "note: &a [*a]\nacts:\n", "holds itself"),
    "a tag that makes objects": (
        "title: A regime",
        "title: !!python/name:os.system A regime",
        "could not determine a constructor",
    ),
    "a start before the act": (
        "start: 2017-01-10\n    end",
        "start: 2017-01-09\n    end",
        "before the act was adopted",
    ),
    "an end before the start": ("end: 2017-12-31\n    ver", "end: 2017-01-01\n    ver", "before the start"),
    "a quota outside the measure": (
        "start: 2017-01-10, end: 2017-12-31, period",
        "start: 2017-01-10, end: 2018-12-31, period",
        "outside the measure",
    ),
    "a quota without end in a measure that ends": (
        "start: 2017-01-10, end: 2017-12-31, period",
        "start: 2017-01-10, period",
        "outside the measure",
    ),
    "a wind-down before the start": ("wind_down: {end: 2018-01-31", "wind_down: {end: 2017-12-31", "wind_down: ends"),
    "overlapping codes": ('codes: ["0302", "0303"]', 'codes: ["03", "0303"]', "would count twice"),
    "an exemption for other goods": (
        'codes: ["0302"], verified',
        'codes: ["0304"], verified',
        "not among the measure's goods",
    ),
    "an unknown source": (
        "sources: [page]\n    supersedes",
        "sources: [pag]\n    supersedes",
        "'pag' is not listed; nearest: page",
    ),
    "verified without a source": ("    sources: [page]\n    supersedes", "    supersedes", "needs at least one source"),
    "an unknown act": ('act: act\n    paragraph: "2"', 'act: atc\n    paragraph: "2"', "act 'atc' is unknown"),
    "an unknown reading": (
        'codes: ["0302", "0303"], coverage: exact',
        'codes: ["0302"], reading: "q:wid", coverage: exact',
        "'q:wid' is unknown; nearest: q:wide",
    ),
    "a question with one side": ('  - {id: "q:narrow", words: narrow, verified: false}\n', "", "one side only"),
    "an unknown measure to replace": ("supersedes: [old]", "supersedes: [olt]", "'olt' is unknown; nearest: old"),
    "a replaced measure that goes on": (
        "end: 2017-12-31\n    ver",
        "end: 2018-01-01\n    ver",
        "must end before 2018-01-01",
    ),
    "a circle": ("    start: 2017-01-10\n    end", "    tightens: [new]\n    start: 2017-01-10\n    end", "a circle"),
    "two measures with one id": ("- id: new", "- id: old", "written twice"),
    "an unknown area": ('targets: ["PRK"]', 'targets: ["PRQ"]', "PRQ"),
    "an area that is no code": ('targets: ["PRK"]', "targets: [NO]", "targets.0"),
    "another id than the file's name": ("id: trial", "id: trail", "not the name of its file"),
    "a number with a unit": ("value: 5, unit", "value: 5 t, unit", "write a number"),
    "a duty with goods": (
        "kind: quota\n    direction: from_target",
        "kind: duty\n    direction: from_target",
        "no trade flow",
    ),
    "a flow without direction": (
        "kind: export_ban\n    direction: from_target",
        "kind: export_ban",
        "say from_target or to_target",
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_file_line_and_key(tmp_path, old, new, reason):
    path = written(tmp_path, old, new)
    with pytest.raises(RuleError, match=reason) as refused:
        rulebook.load_file(path)
    assert str(refused.value).startswith(f"{path}:")
    assert str(refused.value).split(":")[1].isdigit()


def test_the_line_named_is_the_line_of_the_fault(tmp_path):
    path = written(tmp_path, 'codes: ["0302", "0303"]', 'codes: ["0302", "0398"]')
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "0398" in text)
    with pytest.raises(RuleError, match=rf"trial\.yml:{line}: measures\.1\.goods\.0\.codes\.1: code '0398'"):
        rulebook.load_file(path)


def test_a_user_adds_a_regime_by_dropping_a_file_into_a_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    written(tmp_path, name="trial").rename(tmp_path / "mine" / "trial.yml")
    path = tmp_path / "mine" / "trial.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: trial", "id: mine/trial"), encoding="utf-8")
    book = rulebook.load([tmp_path])
    assert "mine/trial" in [regime.id for regime in book.regimes]
    assert "un/dprk" in [regime.id for regime in book.regimes]
    assert rulebook.load_file(path).id == "mine/trial"


def test_two_regimes_with_one_id_are_refused_and_both_files_named(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder)
    with pytest.raises(RuleError, match=r"two/trial\.yml.*loaded before from .*one/trial\.yml"):
        rulebook.load([tmp_path / "one", tmp_path / "two"], shipped=False)


def test_a_regime_in_a_folder_takes_its_acts_from_the_parts(tmp_path):
    head, _, rest = GOOD.format(id="whole").partition("acts:")
    folder = tmp_path / "whole"
    folder.mkdir()
    (folder / "regime.yml").write_text(head, encoding="utf-8")
    measures = rest.partition("measures:")[2].replace("    act: act\n", "")
    act = (
        "act: {id: act, name: the act, symbol: A/1, adopted: 2017-01-10, words: bans, verified: true, sources: [page]}"
    )
    (folder / "act.yml").write_text(f"{act}\nmeasures:{measures}", encoding="utf-8")
    for path in (folder, folder / "regime.yml", folder / "act.yml"):
        assert [measure.id for measure in rulebook.load_file(path).measures] == ["old", "new"]
    (folder / "act.yml").write_text(f"{act}\nmeasures:{measures}".replace('"0303"', '"0398"'), encoding="utf-8")
    with pytest.raises(RuleError, match=r"act\.yml:\d+: measures\.1\.goods\.0\.codes\.1"):
        rulebook.load([tmp_path], shipped=False)


def test_a_part_is_named_after_its_act(tmp_path):
    folder = tmp_path / "whole"
    folder.mkdir()
    (folder / "regime.yml").write_text(GOOD.format(id="whole").partition("acts:")[0], encoding="utf-8")
    act = "act: {id: act, name: the act, symbol: A/1, adopted: 2017-01-10, words: bans, verified: false}\n"
    (folder / "other.yml").write_text(act, encoding="utf-8")
    with pytest.raises(RuleError, match=r"other\.yml:1: act\.id: 'act' is not the name of its file, 'other'"):
        rulebook.load_file(folder)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_loads_or_is_refused_but_never_breaks_the_program(data):
    lines = GOOD.format(id="trial").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(
            st.sampled_from(["", "x", "[", "}", "0302", '"0302"', "2018-13-01", "-5", "null", "&a", "*a", "on:"])
        )
        lines[at] = " ".join(words)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trial.yml"
        path.write_text("\n".join(lines), encoding="utf-8")
        try:
            regime = rulebook.load_file(path)
        except RuleError as error:
            assert str(error).startswith(str(path))  # noqa: PT017 - either outcome is right
        else:
            assert all(code.isdigit() for each in regime.measures for goods in each.goods for code in goods.codes)


def test_a_missing_folder_and_a_file_that_is_no_yaml_are_errors(tmp_path):
    with pytest.raises(RuleError, match="no such file or folder"):
        rulebook.load([tmp_path / "nowhere"])
    (tmp_path / "bad.yml").write_text("id: [", encoding="utf-8")
    with pytest.raises(RuleError, match=r"bad\.yml:\d+: not valid YAML"):
        rulebook.load([tmp_path])


def test_scenarios_are_no_regimes(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "draft.yml").write_text("nothing: here", encoding="utf-8")
    assert rulebook.load([tmp_path], shipped=False).regimes == ()


def test_measures_are_found_by_id_and_a_wrong_id_names_the_nearest():
    book = rulebook.load()
    regime, measure = rulebook.find_measure(book, "2371-9-seafood")
    assert (regime.id, measure.cite.place) == ("un/dprk", "paragraph 9")
    assert rulebook.find_measure(book, "un/dprk 2371-9-seafood") == (regime, measure)
    with pytest.raises(RuleError, match="nearest: 2371-9-seafood"):
        rulebook.find_measure(book, "2371-9-seafod")
    with pytest.raises(RuleError, match="nearest: un/dprk"):
        rulebook.find_regime(book, "un/drpk")


TWIN = """  - id: twin
    act: act
    paragraph: "{paragraph}"
    kind: export_ban
    direction: from_target
    words: fish again
    start: 2019-01-01
    verified: false
    goods:
      - {{words: fish, codes: ["0303"], coverage: exact, assigned_by: engine, verified: false}}
"""


def test_one_paragraph_covers_a_code_once_on_the_same_days(tmp_path):
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + TWIN.format(paragraph="2"), encoding="utf-8")
    line = len(text.splitlines()) + 10
    with pytest.raises(RuleError, match=rf"trial\.yml:{line}: .*code '0303' stands in 'new' too"):
        rulebook.load_file(path)
    path.write_text(text + TWIN.format(paragraph="3"), encoding="utf-8")
    assert [measure.id for measure in rulebook.load_file(path).measures] == ["old", "new", "twin"]


def test_what_was_given_is_shown_short_and_with_what_to_do(tmp_path):
    with pytest.raises(RuleError, match=r"codes\.0: .*\(got 302; write it in quotes\)$"):
        rulebook.load_file(written(tmp_path, 'codes: ["0302"], coverage', "codes: [302], coverage"))
    with pytest.raises(RuleError, match=r"paragraph: Field required$"):
        rulebook.load_file(written(tmp_path, '    paragraph: "2"\n', ""))
