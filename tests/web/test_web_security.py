"""What a hostile reader, page or file cannot do to the web page."""

from __future__ import annotations

import gzip
import io
import logging
import re
import shutil
import socket
import tempfile
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from web_helpers import STORY, TOKEN, client

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
PAGES = (
    "/",
    "/check",
    "/explore",
    "/law",
    "/suspects",
    "/data",
    "/data/receipts",
    "/data/coverage",
    "/api",
    "/nothing",
)


class Tags(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self, text):
        super().__init__()
        self.seen = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def harmful(text):
    """List tags and attributes that our templates never write."""
    found = []
    for tag, attributes in Tags(text).seen:
        if tag == "script" and not (attributes.get("src") or "").startswith("/static/"):
            found.append((tag, attributes))
        if tag in {"iframe", "object", "embed", "base", "style", "img"}:
            found.append((tag, attributes))
        found += [(tag, name) for name in attributes if name.startswith("on") or name == "style"]
        found += [
            (tag, value) for value in attributes.values() if value and value.strip().lower().startswith("javascript:")
        ]
    return found


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_scripts_and_frames_of_others(reader, path):
    answer = reader.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert harmful(answer.text) == []


def test_a_storys_text_name_and_title_run_nothing(reader):
    text = f"{EVIL}\n\nJan. 27, 2020 -- {STORY} {EVIL}"
    for data, files in (({"text": text}, None), ({}, {"file": (f"{EVIL}.txt", text.encode(), "text/plain")})):
        page = reader.post("/check", data=data, files=files)
        assert page.status_code == 200
        assert "m-conflict" in page.text
        assert harmful(page.text) == []
        assert harmful(reader.post("/check/edit", data=data, files=files).text) == []


@pytest.mark.parametrize(
    "path",
    [
        "/law?q={}",
        "/law?product={}&from={}&to={}&on={}&hs={}&as_if={}",
        "/explore/figure?area={}&partner={}&period={}&product={}&source={}&as_of={}&level={}&side={}&step={}&what={}",
        "/explore/time?what=exports&area=RUS&partner=PRK&period=2019&x={}",
        "/data/coverage?source={}",
        "/data/changes?reporter={}&partner={}",
        "/suspects?show={}",
        "/{}",
    ],
)
def test_nothing_typed_into_an_address_runs(reader, path):
    from urllib.parse import quote

    page = reader.get(path.replace("{}", quote(EVIL)), headers={"Accept": "text/html"})
    assert page.status_code < 500
    assert harmful(page.text) == []


def test_a_landed_files_name_runs_nothing(tmp_path):
    from lake_helpers import land
    from tidewaiter.lake.lake import Lake

    lake = Lake.open(str(tmp_path / "lake"))
    land(lake, tmp_path, [("RUS", "export", "PRK", "TOTAL", "2019-12", 5)], name="<img src=x onerror=alert(1)>.csv")
    lake.close()
    with client(tmp_path / "lake") as asking:
        for path in ("/data/receipts", "/data", "/explore/figure?what=exports&area=RUS&partner=PRK&period=2019-12"):
            page = asking.get(path)
            assert page.status_code == 200
            assert harmful(page.text) == []


def test_a_checked_story_is_nowhere_afterwards(home, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    secret = "Zanzibarfish"
    long = f"{STORY}\n\n{secret} " + "The committee met again. " * 60_000  # more than a form would keep in memory
    with caplog.at_level(logging.DEBUG), client(home, log=True) as asking:
        assert asking.post("/check", files={"file": ("s.txt", long.encode(), "text/plain")}).status_code == 200
        assert asking.post("/check", data={"text": f"{STORY} {secret}"}).status_code == 200
        kept = b"".join(made.body for made in asking.app.state.shelf._kept.values())
        assert secret.encode() not in kept
        assert secret not in asking.get("/metrics").text
    assert secret not in caplog.text
    assert "POST /check 200" in caplog.text
    for folder in (tmp_path / "tmp", home):
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert not any(secret.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../../settings.py",
        "/static/x/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/law/regime/../../../../etc/passwd",
        "/law/regime/un/dprk/../../../pyproject",
        "/law/timeline/..%2f..%2fetc%2fpasswd.csv",
        "/law?product=27&from=PRK&on=2018&as_if=/etc/passwd",
        "/law?product=27&from=PRK&on=2018&as_if=../../../../../../etc/hostname",
        "/explore/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_address_reads_a_file_of_the_machine(reader, path):
    answer = reader.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {200, 404, 422}
    assert "root:" not in answer.text
    assert socket.gethostname() not in answer.text
    if answer.status_code == 200:
        assert "no scenario is called" in answer.text


def test_a_foreign_name_in_host_is_refused(reader):
    assert reader.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert reader.get("/", headers={"Host": "testserver:8484"}).status_code == 200


def test_no_header_can_be_smuggled_in(reader):
    for path in (
        "/explore/time.csv?what=exports&area=RUS&partner=PRK&period=2019%0d%0aX-Evil:1",
        "/write%0d%0aX-Evil:%201",
    ):
        answer = reader.get(path)
        assert "x-evil" not in answer.headers
    name = reader.get("/explore/time.csv?what=exports&area=RUS&partner=PRK&period=2019").headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[a-z0-9_-]+\.csv"', name)


def test_too_large_a_body_is_refused_before_it_is_read(home):
    with client(home, largest_story=10_000) as asking:
        assert asking.post("/check", data={"text": "a" * 200_000}).status_code == 413
        big = asking.post("/api/v1/check", json={"text": "a" * 200_000})
        assert big.status_code == 413
        assert big.headers["content-type"] == "application/problem+json"

        def endless():
            for _ in range(100):
                yield b"a" * 10_000

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert asking.post("/check", content=endless(), headers=headers).status_code == 413


def test_a_compressed_body_is_not_unpacked(reader):
    bomb = gzip.compress(b"\x00" * 10_000_000)
    for path in ("/check", "/api/v1/check"):
        answer = reader.post(
            path, content=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}
        )
        assert answer.status_code == 415


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_body_that_does_not_come_does_not_hold_the_server(home, tmp_path):
    import threading

    import uvicorn

    from tidewaiter.web.app import create_app
    from tidewaiter.web.serving import OPTIONS, listen
    from tidewaiter.web.settings import WebSettings

    listening = listen("127.0.0.1", 0)
    settings = WebSettings(home=str(home), readers=1, engine_threads=1, body_seconds=0.5)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), **OPTIONS))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        head = "POST /check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        with socket.create_connection(listening.getsockname(), timeout=10) as slow:
            slow.sendall(f"{head}Content-Length: 1000\r\n\r\ntext=a".encode())
            with socket.create_connection(listening.getsockname(), timeout=10) as other:
                other.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                assert other.recv(64).startswith(b"HTTP/1.1 200")
            assert slow.recv(64).startswith(b"HTTP/1.1 408")
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def test_a_read_only_server_has_no_address_that_writes(reader):
    for path in ("/suspects", "/data/land", "/data/land/now", "/write", "/api/v1/land"):
        assert reader.post(path, data={"token": TOKEN}).status_code in {404, 405}, path
    assert "/api/v1/land" not in reader.get("/api/v1/openapi.json").json()["paths"]


@pytest.fixture
def writer(tmp_path, home):
    shutil.copytree(home, tmp_path / "lake")
    with client(tmp_path / "lake", allow_write=True, token=TOKEN) as asking:
        yield asking


def begin(asking):
    assert asking.post("/write", data={"token": TOKEN}, headers={"Origin": "http://testserver"}).status_code == 303
    return re.search(r'name="sign" value="([0-9a-f]{64})"', asking.get("/data/land").text)[1]


NAMED = {
    "source": "un_comtrade", "reporter": "HKG", "partner": "PRK", "flow": "export", "product": "920110",
    "hs": "HS2012", "period": "2018-02", "verdict": "doubtful", "who": "a reader", "why": "South Korea was meant",
}  # fmt: skip


def test_writing_needs_the_token_the_sign_and_our_own_page(writer, tmp_path):
    assert writer.post("/suspects", data=NAMED).status_code == 401
    assert writer.post("/write", data={"token": "guess"}).status_code == 403
    sign = begin(writer)
    assert writer.post("/suspects", data=NAMED).status_code == 403
    assert writer.post("/suspects", data={**NAMED, "sign": "0" * 64}).status_code == 403
    whole = {**NAMED, "sign": sign}
    assert writer.post("/suspects", data=whole, headers={"Origin": "https://evil.example"}).status_code == 403
    assert writer.post("/suspects", data=whole, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not (tmp_path / "lake" / "register.yml").exists()
    assert writer.post("/suspects", data=whole, headers={"Origin": "http://testserver"}).status_code == 303
    cookie = next(each for each in writer.cookies.jar if each.name == "tidewaiter_write")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    writer.cookies.set("tidewaiter_write", "9999999999-00.ff", domain="testserver.local")
    writer.cookies.clear()
    assert writer.post("/suspects", data=whole).status_code == 401


def test_a_review_is_an_entry_that_screening_reads(writer, tmp_path):
    from tidewaiter.law.review import read_register

    sign = begin(writer)
    hostile = {**NAMED, "sign": sign, "why": "South: [Korea]\n- reporter: USA\n<b>&\u202e", "who": "x: y"}
    assert writer.post("/suspects", data=hostile).status_code == 303
    assert (
        writer.post("/suspects", data={**NAMED, "sign": sign, "verdict": "stands", "period": "2018-03"}).status_code
        == 303
    )
    text = (tmp_path / "lake" / "register.yml").read_text("utf-8")
    entries = read_register(text, "register.yml")
    assert len(entries) == 1
    assert entries[0]["reporter"] == "HKG"
    assert "South: [Korea]" in entries[0]["review"]
    assert yaml.safe_load(text)["suspects"][0]["who"] == "x: y"
    other = read_register((tmp_path / "lake" / "register.stands.yml").read_text("utf-8"), "stands")
    assert other[0]["period"] == "2018-03"
    assert writer.post("/suspects", data={**NAMED, "sign": sign, "reporter": "Nowhere"}).status_code == 422
    assert writer.post("/suspects", data={**NAMED, "sign": sign, "why": " "}).status_code == 422
    assert len(read_register((tmp_path / "lake" / "register.yml").read_text("utf-8"), "register.yml")) == 1


def test_a_suspect_declaration_is_listed_and_a_verdict_takes_it_off(writer):
    sign = begin(writer)
    rows = [row for row in writer.get("/suspects.json?show=all").json()["rows"] if row["reporter"] == "HKG"]
    assert rows, "Hong Kong writes its pianos to South Korea of 2018-02 as the North's"
    named = {key: rows[0][key] for key in ("source", "reporter", "partner", "flow", "product", "hs", "period")}
    assert (
        writer.post(
            "/suspects", data={**named, "sign": sign, "verdict": "doubtful", "who": "a", "why": "b"}
        ).status_code
        == 303
    )
    left = [row for row in writer.get("/suspects.json").json()["rows"] if row["reporter"] == "HKG"]
    assert len(left) == len(rows) - 1


def test_what_a_reader_doubts_is_marked_in_the_law_tab_and_in_the_api_at_once(writer):
    """Russia declares 1,000,000 + 10,000 USD of 271012 to North Korea in the second month of 2018."""
    sign = begin(writer)
    screened = "/api/v1/screen?target=PRK&partner=RUS&period=2018&regime=un/dprk"
    tab = "/explore/law?what=trade&area=PRK&partner=RUS&period=2018"

    def doubted():
        lines = writer.get(screened).json()["rows"]
        own = [line for line in lines if line["reporter"] == "RUS" and line["measure"] and line["frequency"] == "M"]
        assert own
        return {line["suspect_usd"] for line in own if line["suspect_usd"]}, [line["covered_high_usd"] for line in own]

    before, most = doubted()
    assert before == set()
    assert "of it doubted" not in writer.get(tab).text
    named = {**NAMED, "reporter": "RUS", "product": "271012", "sign": sign}
    assert writer.post("/suspects", data=named).status_code == 303
    after, still = doubted()
    assert {float(each) for each in after} == {1_010_000.0}
    assert still == most
    assert "of it doubted" in writer.get(tab).text


FILE = Path(__file__).parent.parent / "fixtures" / "readme" / "imf_dots_PRK.csv"


def test_an_upload_lands_only_after_its_guess_was_seen(writer):
    sign = begin(writer)
    send = {"file": ("../../../imf_dots_PRK.csv", FILE.read_bytes(), "text/csv")}
    shown = writer.post("/data/land", data={"sign": sign}, files=send)
    assert shown.status_code == 200
    assert "IMF Direction of Trade" in shown.text
    assert "imf_dots_PRK.csv" not in writer.get("/data/receipts").text
    waiting = re.search(r'name="waiting" value="([0-9a-f]{32})"', shown.text)[1]
    assert writer.post("/data/land/now", data={"waiting": waiting}).status_code == 403
    assert writer.post("/data/land/now", data={"sign": sign, "waiting": "../../etc"}).status_code == 422
    landed = writer.post("/data/land/now", data={"sign": sign, "waiting": waiting})
    assert "landed 6 rows" in landed.text
    assert "imf_dots_PRK.csv" in writer.get("/data/receipts").text
    assert writer.post("/data/land/now", data={"sign": sign, "waiting": waiting}).status_code == 410


def test_a_program_lands_with_the_token_in_a_header(writer):
    files = {"file": ("imf_dots_PRK.csv", FILE.read_bytes(), "text/csv")}
    assert writer.post("/api/v1/land", files=files).status_code == 401
    assert writer.post("/api/v1/land", files=files, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert "/api/v1/land" in writer.get("/api/v1/openapi.json").json()["paths"]
    right = {"Authorization": f"Bearer {TOKEN}"}
    guess = writer.post("/api/v1/land", files=files, data={"dry_run": "1"}, headers=right).json()
    assert guess[0]["status"] == "guessed"
    assert writer.post("/api/v1/land", files=files, headers=right).json()[0]["status"] == "landed"


def test_a_zip_bomb_is_refused_and_leaves_nothing(writer, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # a folder of its own: other uploads may be under way
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imf_dots_PRK.csv", b"0" * 300_000_000)
    started = time.monotonic()
    files = {"file": ("bomb.zip", packed.getvalue(), "application/zip")}
    answer = writer.post("/api/v1/land", files=files, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 422
    assert answer.json()[0]["status"] == "refused"
    assert time.monotonic() - started < 20
    waiting = Path(tempfile.gettempdir()) / "tidewaiter-uploads"
    assert not any(waiting.iterdir())


def test_the_server_opens_no_connection_whatever_a_reader_names(reader, monkeypatch):
    def refused(*_args, **_more):
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    page = '<html><body><article><img src="http://169.254.169.254/x"><p>' + STORY + "</p></article></body></html>"
    for text in ("http://169.254.169.254/latest/meta-data", f"{STORY} http://localhost:22/", page):
        assert reader.post("/check", data={"text": text, "url": "http://127.0.0.1:1/"}).status_code in {200, 422}
    assert reader.get("/law?q=http://169.254.169.254/").status_code == 200
    assert reader.post("/api/v1/check", json={"text": STORY, "name": "file:///etc/passwd"}).status_code == 200
