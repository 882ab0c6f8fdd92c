"""What may be relied on at the one door to the network, whatever the other side does."""

from __future__ import annotations

import errno
import hashlib
import logging
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from fetch_helpers import KEY, Fault, StandIn, door, request
from tidewaiter.base.errors import InputError, LakeError, NetworkError, QuotaError
from tidewaiter.statistics import fetch
from tidewaiter.statistics.fetching.key import Key
from tidewaiter.statistics.fetching.refusals import SpoiledError, TooMuchError, quota_seconds
from tidewaiter.statistics.fetching.request import Request

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def api():
    with StandIn() as server:
        yield server


def whole(path):
    """Take a body that ends like an answer, as the steps for UN Comtrade do."""
    if not path.read_bytes().endswith(b'"error":""}'):
        message = "not an answer"
        raise SpoiledError(message)


def ask(api, tmp_path, **options):
    with door(api, **options) as opened:
        return opened.ask(request(api), tmp_path / "answer.json", whole)


def test_an_answer_arrives_whole_with_its_sha256(api, tmp_path):
    reply = ask(api, tmp_path)
    body = reply.path.read_bytes()
    assert body.startswith(b'{"elapsedTime"')
    assert (reply.sha256, reply.size) == (hashlib.sha256(body).hexdigest(), len(body))
    assert [each.name for each in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.parametrize("kind", ["500", "503", "cut", "short", "html", "badgzip", "reset"])
def test_a_fault_that_passes_is_tried_again_and_never_taken_for_an_answer(api, tmp_path, kind):
    api.faults.extend([Fault(kind), Fault(kind)])
    assert ask(api, tmp_path).path.read_bytes().endswith(b'"error":""}')
    assert len(api.seen) == 3


@pytest.mark.parametrize("kind", ["500", "503", "cut", "short", "html", "badgzip", "reset"])
def test_a_fault_that_stays_is_told_and_leaves_no_file(api, tmp_path, kind):
    api.faults.extend([Fault(kind)] * 10)
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:\d+ does not answer: .*try again later"):
        ask(api, tmp_path, faults=2)
    assert len(api.seen) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_told(tmp_path):
    with StandIn() as gone:
        pass
    with pytest.raises(NetworkError, match="does not answer"):
        ask(gone, tmp_path, faults=1)


def test_a_slow_answer_is_given_up_and_asked_again(api, tmp_path):
    api.faults.append(Fault("slow", seconds=0.6))
    assert ask(api, tmp_path, timeout=0.2).size > 0
    assert len(api.seen) == 2


def test_retry_after_is_honoured_to_the_second(api, tmp_path):
    api.faults.append(Fault("429", retry_after="1"))
    waits = []
    began = time.monotonic()
    ask(api, tmp_path, on_wait=lambda seconds, why: waits.append((seconds, why)))
    assert time.monotonic() - began >= 1
    assert waits == [(1.0, "429: Rate limit is exceeded. Try again in 2 seconds.")]


def test_without_retry_after_the_seconds_in_the_message_are_waited(api, tmp_path, monkeypatch):
    naps = []
    monkeypatch.setattr("tenacity.nap.time.sleep", naps.append)
    api.faults.append(Fault("429"))
    ask(api, tmp_path)
    assert naps == [2.0]


@pytest.mark.parametrize("skew", [-86_400 * 365, 86_400 * 365])
def test_a_date_in_retry_after_is_held_against_the_servers_own_clock(api, tmp_path, monkeypatch, skew):
    naps = []
    monkeypatch.setattr("tenacity.nap.time.sleep", naps.append)
    api.limits.clock_skew = skew
    from email.utils import formatdate

    api.faults.append(Fault("429", retry_after=formatdate(time.time() + skew + 7, usegmt=True)))
    ask(api, tmp_path)
    assert len(naps) == 1
    assert 5 <= naps[0] <= 8


def test_a_storm_of_429_is_sat_out(api, tmp_path):
    api.faults.extend([Fault("429", retry_after="0")] * 40)
    assert ask(api, tmp_path, faults=2).size > 0
    assert len(api.seen) == 41


def test_a_wait_longer_than_anybodys_patience_is_told_instead_of_sat_out(api, tmp_path):
    api.faults.extend([Fault("429", retry_after="86400")] * 2)
    began = time.monotonic()
    with pytest.raises(NetworkError, match="429"):
        ask(api, tmp_path)
    assert time.monotonic() - began < 5


def test_the_pace_is_kept_between_questions_and_by_retries_too(api, tmp_path):
    api.faults.append(Fault("500"))
    began = time.monotonic()
    with door(api, pace=0.2) as opened:
        for number in range(3):
            opened.ask(request(api), tmp_path / f"{number}.json", whole)
    assert len(api.seen) == 4
    assert time.monotonic() - began >= 3 * 0.2


def test_a_clock_that_jumps_neither_hurries_nor_stops_the_door(api, tmp_path, monkeypatch):
    jumps = iter([2_000_000_000.0, 0.0, 4_000_000_000.0, 1.0] * 10)
    monkeypatch.setattr(fetch.time, "time", lambda: next(jumps))

    class Jumping(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(next(jumps), tz)

    monkeypatch.setattr(fetch, "datetime", Jumping)
    began = time.monotonic()
    with door(api, pace=0.1) as opened:
        for number in range(4):
            opened.ask(request(api), tmp_path / f"{number}.json", whole)
    assert 0.3 <= time.monotonic() - began < 3
    assert len(api.seen) == 4


def test_a_quota_that_is_used_up_says_for_how_long(api, tmp_path):
    api.faults.append(Fault("403"))
    with pytest.raises(QuotaError, match="Out of call volume quota") as caught:
        ask(api, tmp_path)
    assert caught.value.seconds == 3 * 3600 + 14 * 60 + 17
    assert len(api.seen) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Out of call volume quota. Quota will be replenished in 00:00:30.", 30),
        ("Out of call volume quota. Quota will be replenished in 1.02:00:00.", 26 * 3600),
        ("Out of call volume quota.", 86_400),
        ("You may not use bulk files.", None),
    ],
)
def test_the_time_until_a_quota_is_filled_is_read_from_its_words(said, seconds):
    assert quota_seconds(said) == seconds


def test_another_403_is_a_refusal_with_its_reason(api, tmp_path):
    api.faults.append(Fault("403", message="Your subscription does not include bulk."))
    with pytest.raises(NetworkError, match="does not include bulk") as caught:
        ask(api, tmp_path)
    assert not isinstance(caught.value, QuotaError)


def test_a_question_too_big_for_the_server_is_told_apart(api, tmp_path):
    api.faults.append(Fault("413", message="EXTRACTION_TOO_BIG"))
    with pytest.raises(TooMuchError, match="EXTRACTION_TOO_BIG"):
        ask(api, tmp_path)


@pytest.mark.parametrize("status", ["400", "404", "302"])
def test_what_cannot_get_better_is_not_asked_again(api, tmp_path, status):
    api.faults.append(Fault(status, message="Maximum number of periods for preview is 1"))
    with pytest.raises(NetworkError, match=rf"{status}: Maximum number of periods"):
        ask(api, tmp_path)
    assert len(api.seen) == 1


def test_a_wrong_key_is_told_without_the_key(api, tmp_path):
    with (
        door(api, key=Key("wrong-key-0815", "COMTRADE_KEY"), key_header="Ocp-Apim-Subscription-Key") as opened,
        pytest.raises(InputError, match="refused the key") as caught,
    ):
        opened.ask(request(api, "/data/v1/get/C/A/HS"), tmp_path / "answer.json", whole)
    assert "COMTRADE_KEY" in str(caught.value)
    assert "0815" not in str(caught.value)


def test_a_key_that_the_server_repeats_is_blotted_out_and_never_kept(api, tmp_path):
    api.faults.append(Fault("400", message=f"bad request with {KEY}"))
    with door(api, key=Key(KEY, "COMTRADE_KEY"), key_header="Ocp-Apim-Subscription-Key") as opened:
        with pytest.raises(NetworkError) as caught:
            opened.ask(request(api), tmp_path / "answer.json")
        assert "***" in str(caught.value)
        assert KEY not in str(caught.value)
        echo = Request("un_comtrade", api.url, "/echo", (("say", "nothing"),))
        api.faults.append(Fault("say", message=KEY))
        with pytest.raises(NetworkError, match="repeats the key"):
            opened.ask(echo, tmp_path / "answer.json")
    assert list(tmp_path.iterdir()) == []


def test_a_key_goes_to_its_own_publisher_only(api, tmp_path):
    with StandIn() as other, door(api, key=Key(KEY, "COMTRADE_KEY"), key_header="Ocp-Apim-Subscription-Key") as opened:
        with pytest.raises(NetworkError, match="is not sent to"):
            opened.ask(request(other, "/data/v1/get/C/A/HS"), tmp_path / "answer.json", whole)
        assert other.seen == []
        opened.ask(request(other), tmp_path / "answer.json", whole)
        assert other.keys == [None]


def test_a_key_is_not_sent_over_an_open_line(tmp_path):
    away = SimpleNamespace(url="http://comtrade.example.org")
    with (
        door(away, key=Key(KEY, "COMTRADE_KEY"), key_header="K") as opened,
        pytest.raises(InputError, match="not https"),
    ):
        opened.ask(request(away, "/data/v1/get/C/A/HS"), tmp_path / "answer.json")


def test_a_key_in_a_parameter_is_in_no_log_and_no_address(api, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    api.faults.append(Fault("500"))
    with door(api, key=Key(KEY, "K"), key_parameter="key") as opened:
        keyed = Request("census", api.url, "/public/v1/getDa/C/A/HS", (("period", "2019"),), keyed=True)
        opened.ask(keyed, tmp_path / "answer.json", whole)
    assert f"key={KEY}" in api.seen[-1][0]
    assert KEY not in keyed.url
    assert KEY not in caplog.text


def test_a_key_in_a_header_is_in_no_log_however_much_is_logged(api, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx2", "httpcore2", "stamina"):
        caplog.set_level(logging.DEBUG, logger=name)
    api.faults.append(Fault("500"))
    with door(api, key=Key(KEY, "COMTRADE_KEY"), key_header="Ocp-Apim-Subscription-Key") as opened:
        logging.getLogger("httpx2").setLevel(logging.DEBUG)
        opened.ask(request(api, "/data/v1/get/C/A/HS"), tmp_path / "answer.json", whole)
    assert KEY in api.keys
    everything = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "GET" in everything
    assert KEY not in everything


@pytest.mark.parametrize("text", ["a b", "ключ", "a\nb"])
def test_what_cannot_be_a_key_is_refused_without_printing_it(text):
    with pytest.raises(InputError, match="COMTRADE_KEY holds signs") as caught:
        Key(text, "COMTRADE_KEY")
    assert text not in str(caught.value)


def test_a_key_is_printed_nowhere():
    key = Key(KEY, "COMTRADE_KEY")
    assert KEY not in f"{key} {key!r} {[key]}"
    assert not hasattr(key, "__dict__")


def test_a_full_disk_is_told_and_leaves_nothing_half(api, tmp_path, monkeypatch):
    real = Path.open

    def full(self, mode="r", *args, **kwargs):
        file = real(self, mode, *args, **kwargs)
        if self.name.endswith(".part"):
            file.close()
            file = SimpleNamespace(
                __enter__=None, write=lambda _data: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left"))
            )

            class Full:
                def __enter__(self):
                    return file

                def __exit__(self, *_):
                    return None

            return Full()
        return file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(LakeError, match=r"No space left.*make room"):
        ask(api, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert len(api.seen) == 1
