"""Bad input: each case is refused in one line that says what to do, in bounded memory, and nothing is landed."""

from __future__ import annotations

import codecs
import errno
import gzip
import os
import resource
import sys

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_helpers import API_ROW, FILES, answer, rows_of, text
from tidewaiter.base.errors import InputError, SourceError
from tidewaiter.statistics.container import examine

IMF = "reporter,flow,partner,year,value_musd"
GOOD = "Jamaica,X,Japan,2019,1.5"
ANSWER = FILES / "un_comtrade_answer.json"


def refusal(path, **options) -> str:
    with pytest.raises(InputError) as caught:
        rows_of(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


def test_a_path_that_does_not_exist(tmp_path):
    assert "no such file" in refusal(tmp_path / "nothing.csv")


def test_a_folder(tmp_path):
    assert "is a folder; name the files in it" in refusal(tmp_path)


def test_a_link_that_leads_nowhere(tmp_path):
    for name, target in (("astray.csv", "nothing.csv"), ("round.csv", "round.csv")):
        (tmp_path / name).symlink_to(tmp_path / target)
        assert "is a link that leads nowhere" in refusal(tmp_path / name)


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is no ordinary file; save the data to a file first" in refusal(tmp_path / "pipe.csv")


def test_zero_bytes_all_over(tmp_path):
    path = tmp_path / "trade.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    assert "holds nothing but zero bytes" in refusal(path)


@pytest.mark.parametrize("content", [b"", b" \n\t\n", codecs.BOM_UTF8])
def test_an_empty_file(tmp_path, content):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    assert "download it again" in refusal(path)


def test_a_table_without_rows_is_no_zero(tmp_path):
    assert "holds no rows; an empty answer is not zero trade" in refusal(text(tmp_path / "a.csv", IMF))
    bare = tmp_path / "a.json"
    bare.write_text("[]")
    assert "holds no rows" in refusal(bare)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"PK\x03\x04rest", "ZIP archive or Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
    ],
)
def test_binary_files_are_named_with_what_to_do(tmp_path, head, named):
    path = tmp_path / "trade.csv"
    path.write_bytes(head)
    assert named in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16(tmp_path, encoding):
    path = tmp_path / "dots.csv"
    path.write_bytes(f"{IMF}\n{GOOD}\n".encode(encoding))
    assert "is UTF-16 text; save it as UTF-8" in refusal(path)


def test_a_wrong_encoding_is_named_by_line_and_byte(tmp_path):
    path = tmp_path / "dots.csv"
    path.write_bytes(f"{IMF}\n{GOOD}\nCôte d'Ivoire,X,Japan,2019,1\n".encode("latin-1"))
    assert "line 3 is not UTF-8 (byte 0xf4); save the file as UTF-8" in refusal(path)


def test_a_byte_order_mark_changes_nothing(tmp_path):
    plain, marked = tmp_path / "plain.json", tmp_path / "marked.json"
    plain.write_bytes(ANSWER.read_bytes())
    marked.write_bytes(codecs.BOM_UTF8 + ANSWER.read_bytes())
    assert rows_of(marked)[1] == rows_of(plain)[1]


def test_a_zero_byte_far_inside_a_text_file(tmp_path):
    path = tmp_path / "dots.csv"
    path.write_bytes(f"{IMF}\n".encode() + f"{GOOD}\n".encode() * 5000 + b"Jamaica,X,\x00,2019,1\n")
    assert "line 5002 holds binary data" in refusal(path)


def test_gzip_of_any_format_is_read_as_what_is_in_it(tmp_path):
    parquet = tmp_path / "a.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT * FROM read_csv('{FILES / 'imf_dots.csv'}')) TO '{parquet}'")
    for path in (ANSWER, FILES / "imf_dots.csv", FILES / "importing_markets.xls", parquet):
        packed = tmp_path / "packed.bin"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        guess, rows = rows_of(packed)
        assert rows == rows_of(path)[1]
        assert guess.format.endswith(", gzip")


def test_gzip_that_was_cut(tmp_path):
    path = tmp_path / "answer.json.gz"
    path.write_bytes(gzip.compress(ANSWER.read_bytes())[:-20])
    assert "the gzip file is cut short; download it again" in refusal(path)


def test_gzip_that_is_damaged(tmp_path):
    path = tmp_path / "answer.json.gz"
    packed = bytearray(gzip.compress(ANSWER.read_bytes()))
    packed[-8:-4] = b"\x00\x00\x00\x00"
    path.write_bytes(bytes(packed))
    assert "the gzip file is damaged" in refusal(path)


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "dots.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT * FROM read_csv('{FILES / 'imf_dots.csv'}')) TO '{path}'")
    return path


def test_parquet_that_was_cut(parquet):
    parquet.write_bytes(parquet.read_bytes()[:-30])
    assert "the Parquet file is cut short" in refusal(parquet)


def test_parquet_that_was_cut_and_glued(parquet):
    parquet.write_bytes(parquet.read_bytes()[:-30] + b"PAR1")
    assert "the Parquet file is cut or damaged" in refusal(parquet)


@settings(deadline=None, max_examples=15)
@given(st.floats(0.05, 0.98))
def test_json_that_was_cut_anywhere_is_refused(tmp_path_factory, share):
    path = tmp_path_factory.mktemp("cut") / "answer.json"
    whole = ANSWER.read_bytes().rstrip()
    path.write_bytes(whole[: int(len(whole) * share)])
    refusal(path)


def test_long_json_that_was_cut(tmp_path):
    path = answer(
        tmp_path / "answer.json", [{"period": f"20{year:02d}{m:02d}"} for year in range(20) for m in range(1, 13)]
    )
    path.write_bytes(path.read_bytes()[:70000])
    assert path.stat().st_size == 70000
    assert "breaks off or is damaged before its end; download it again" in refusal(path)


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (
            '{"statusCode": 401, "message": "Access denied due to invalid subscription key."}',
            "check the subscription key",
        ),
        ('{"statusCode": 403, "message": "Out of call volume quota."}', "wait until the quota is replenished"),
        ('{"statusCode": 429, "message": "Rate limit is exceeded. Try again in 2 seconds."}', "wait a little"),
        ('{"error": "Something went wrong", "count": 0, "data": []}', "Something went wrong"),
        ('{"statusCode": 500, "message": "Internal server error"}', "ask again"),
    ],
)
def test_a_refusal_of_the_publishers_saved_as_data(tmp_path, body, advice):
    path = tmp_path / "comtrade.json"
    path.write_text(body)
    message = refusal(path)
    assert "is no data but the publisher's refusal" in message
    assert advice in message


def test_long_json_that_was_cut_and_closed_again(tmp_path):
    path = answer(
        tmp_path / "answer.json", [{"period": f"20{year:02d}{m:02d}"} for year in range(20) for m in range(1, 13)]
    )
    path.write_bytes(path.read_bytes()[:70000] + b'], "error": ""}')
    assert "break off or are damaged; download the file again" in refusal(path)


def test_an_envelope_may_hold_brackets_of_its_own(tmp_path):
    path = answer(tmp_path / "answer.json", [{}], error="a note [with] brackets", elapsedTime="[0.1]")
    assert len(rows_of(path)[1]) == 1


def test_a_full_disk(tmp_path, monkeypatch):
    path = tmp_path / "answer.json.gz"
    path.write_bytes(gzip.compress(ANSWER.read_bytes()))

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tidewaiter.statistics.damage.shutil.copyfileobj", full)
    message = refusal(path)
    assert "No space left on device" in message
    assert "has room" in message


def test_an_error_page_saved_as_data(tmp_path):
    path = tmp_path / "trademap.xls"
    path.write_text("<!DOCTYPE html><html><head><title>Session expired</title></head><body><p>Log in</p></body></html>")
    message = refusal(path)
    assert "web page or XML without a table of data ('Session expired')" in message


def test_a_web_page_whose_table_is_no_trade(tmp_path):
    path = tmp_path / "page.xls"
    path.write_text("<table><tr><td>User</td><td>Password</td></tr><tr><td>a</td><td>b</td></tr></table>")
    assert "is no layout known here; its columns are: User, Password" in refusal(path)


def test_cells_that_span_millions_of_columns_take_no_memory(tmp_path):
    path = tmp_path / "page.xls"
    path.write_text("<table>" + '<tr><td colspan="99999999" rowspan="99999999">x</td></tr>' * 200 + "</table>")
    refusal(path)


@pytest.mark.parametrize("row", ["Jamaica,X,Japan,2019", "Jamaica,X,Japan,2019,1.5,more", 'Jamaica,X,"Japan,2019,1.5'])
def test_rows_with_shifted_columns_are_named_by_line(tmp_path, row):
    message = refusal(text(tmp_path / "dots.csv", IMF, GOOD, row))
    assert "line 3" in message
    assert "download it again" in message


def test_columns_shifted_inside_rows_of_the_right_width(tmp_path):
    path = text(tmp_path / "dots.csv", IMF, GOOD, "X,Japan,2019,1.5,Jamaica")
    assert "row 2, column 'value_musd': 'Jamaica' is not a number; the columns may be shifted" in refusal(path)


def test_values_under_no_heading(tmp_path):
    name = "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
    path = text(tmp_path / name, "Importers\tExported value in 2019\t", "World\t1\t", "Japan\t2\t3")
    assert "row 2, column 'column 3': '3' stands under no heading" in refusal(path)


def test_a_heading_that_stands_twice(tmp_path):
    path = text(tmp_path / "dots.csv", f"{IMF},year", f"{GOOD},2019")
    assert "column 'year': stands twice in the heading" in refusal(path)


@pytest.mark.parametrize("number", ["1.234,5", "1,5", "1,234.5", "1 234", "1_234", "-", "n/a", "1.2.3"])
def test_numbers_that_are_no_plain_numbers_are_named_by_row_and_column(tmp_path, number):
    path = text(tmp_path / "dots.csv", IMF, GOOD, f'Jamaica,X,Haiti,2019,"{number}"')
    message = refusal(path)
    assert f"row 2, column 'value_musd': {number!r}" in message
    assert ("decimal comma" in message) == ("," in number)


@pytest.mark.parametrize("number", ["1.5", "0", "-3", "1e3", "0.000001", " 7 "])
def test_plain_numbers_are_read_however_they_are_written(tmp_path, number):
    from decimal import Decimal

    path = text(tmp_path / "dots.csv", IMF, f"Jamaica,X,Haiti,2019,{number}")
    assert rows_of(path)[1][0]["value_usd"] == Decimal(number.strip()) * 1_000_000


def test_a_table_of_another_kind_is_named_by_its_columns(tmp_path):
    assert "is no layout known here; its columns are: name, age" in refusal(text(tmp_path / "a.csv", "name,age", "x,1"))
    assert "is text but no table" in refusal(text(tmp_path / "a.txt", "It was a dark and stormy night"))


def test_a_source_that_does_not_exist(tmp_path):
    with pytest.raises(SourceError, match="source 'imf_dotz' is unknown; nearest: imf_dots"):
        rows_of(FILES / "imf_dots.csv", source="imf_dotz")


def test_a_file_taken_for_the_wrong_source():
    assert "imf_dots.csv" in refusal(FILES / "imf_dots.csv", source="india_dgcis")


def test_a_name_that_the_engine_would_read_as_a_wildcard(tmp_path):
    (tmp_path / "other.csv").write_bytes((FILES / "india_by_month.csv").read_bytes())
    path = tmp_path / "dots[1]*.csv"
    path.write_bytes((FILES / "imf_dots.csv").read_bytes())
    assert rows_of(path)[1] == rows_of(FILES / "imf_dots.csv")[1]


def test_a_line_without_an_end_is_refused_as_soon_as_it_is_too_long(tmp_path):
    path = tmp_path / "dots.csv"
    path.write_bytes(f"{IMF}\n".encode() + b"x" * 5000)
    assert "line 2 is longer than 4096 bytes" in _refused_by_bytes(path, tmp_path, 4096)
    path.write_bytes(f"{IMF}\n".encode() + b"x" * 4096 + b"\n" + b"y" * 10)
    assert examine(path, tmp_path, 4096).kind == "text"


@pytest.mark.skipif(sys.platform == "win32", reason="needs sparse files")
def test_two_gigabytes_on_one_line_take_little_memory(tmp_path):
    path = tmp_path / "dots.csv"
    with path.open("wb") as file:
        file.write(f"{IMF}\n".encode() + b"x" * 3_000_000)
        file.truncate(2_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "line 2 is longer than 1048576 bytes" in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="needs sparse files")
def test_two_gigabytes_of_json_are_not_even_begun(tmp_path):
    path = tmp_path / "answer.json"
    with path.open("wb") as file:
        file.write(b'{"data": [')
        file.truncate(2_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_lists_and_records_inside_a_row_do_not_pass_for_numbers(tmp_path):
    message = refusal(answer(tmp_path / "a.json", [{"primaryValue": [1, 2]}]))
    assert "row 1, column 'primaryValue'" in message


def test_rows_that_are_no_records(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[1, 2, 3]")
    assert "rows are no records" in refusal(path)
    path.write_text('{"rows": 3}')
    assert 'without a list of rows under "data"' in refusal(path)
    path.write_text("[" * 20000)
    refusal(path)


def test_every_required_cell_that_is_empty_is_named(tmp_path):
    for column in ("reporterCode", "partnerCode", "flowCode", "cmdCode", "classificationCode", "motCode", "period"):
        message = refusal(answer(tmp_path / "a.json", [{}, API_ROW | {column: None}]))
        assert f"row 2, column {column!r}" in message
        assert "is empty" in message


def _refused_by_bytes(path, workspace, longest_line) -> str:
    with pytest.raises(SourceError) as caught:
        examine(path, workspace, longest_line)
    return str(caught.value)
