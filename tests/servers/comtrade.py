"""A stand-in for UN Comtrade's API on this machine: its limits, envelopes, error bodies, and its bad days.

Run it to try Tidewaiter without a network: every figure it gives is invented.

    python tests/servers/comtrade.py --port 8901

Tests make a `StandIn` and tell it what should go wrong. Knows nothing of Tidewaiter and needs only Python.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import random
import threading
import time
import uuid
import zipfile
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "stand-in-key-4711"
REPORTERS = {"643": "RUS", "156": "CHN", "699": "IND", "842": "USA", "276": "DEU"}
PARTNERS = ("0", "408", "410", "156", "643", "842", "276", "699")
CHAPTERS = [f"{number:02d}" for number in range(1, 98) if number != 77]
HEADINGS = {"27": ["2701", "2709", "2710"], "03": ["0302", "0303"], "10": ["1001", "1006"]}
SUBHEADINGS = {
    "2701": ["270111", "270112"],
    "2709": ["270900"],
    "2710": ["271012", "271019"],
    "0302": ["030213"],
    "0303": ["030312", "030367"],
    "1001": ["100111", "100199"],
    "1006": ["100630"],
}
ALL_CODES = ["TOTAL", *CHAPTERS, *chain(*HEADINGS.values(), *SUBHEADINGS.values())]
QUOTA_TEXT = "Out of call volume quota. Quota will be replenished in {clock}."
BAD_KEY = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
NO_KEY = "Access denied due to missing subscription key. Make sure to include subscription key when making requests."


@dataclass
class Fault:
    """What happens to one request: `kind` is a status, or cut, short, html, slow, badgzip, empty, reset, say."""

    kind: str
    retry_after: str | None = None
    seconds: float = 0.0
    message: str | None = None


@dataclass
class Limits:
    """Published limits differ, so each can be set. `calls_a_second` refuses what comes faster, with 429."""

    rows_preview: int = 500
    rows_list: int = 500
    rows_free: int = 100_000
    rows_premium: int = 250_000
    periods_preview: int = 1
    periods_keyed: int = 12
    calls_a_second: float | None = None
    calls_a_day: int | None = None
    replenished_in: str = "03:14:17"
    clock_skew: float = 0.0
    bulk_splits: bool = True
    gzip: bool = True


@dataclass
class World:
    """The invented trade: data sets by (reporter, period), each with a revision that changes its figures."""

    years: tuple[int, ...] = (2015, 2016, 2017, 2018, 2019, 2020, 2021)
    reporters: tuple[str, ...] = tuple(REPORTERS)
    partners: tuple[str, ...] = PARTNERS
    codes: tuple[str, ...] = tuple(ALL_CODES)
    missing: set[tuple[str, str]] = field(default_factory=lambda: {("643", "2016")})
    silent: set[tuple[str, str]] = field(default_factory=lambda: {("842", "408")})
    revisions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def has(self, reporter: str, period: str) -> bool:
        """Tell whether the reporter published the period."""
        known = reporter in self.reporters and int(period[:4]) in self.years
        return known and (reporter, period) not in self.missing and (reporter, period[:4]) not in self.missing

    def periods(self, frequency: str) -> list[str]:
        """List every period anybody published."""
        if frequency == "A":
            return [str(year) for year in self.years]
        return [f"{year}{month:02d}" for year in self.years for month in range(1, 13)]

    def classification(self, period: str) -> str:
        """Return the HS edition in force."""
        year = int(period[:4])
        return "H6" if year >= 2022 else "H5" if year >= 2017 else "H4"

    def value(self, reporter: str, partner: str, flow: str, code: str, period: str) -> float:
        """Invent a figure that stays the same until the data set is revised; a chapter is the sum of its parts."""
        finer = HEADINGS.get(code) or SUBHEADINGS.get(code)
        if code == "TOTAL":
            finer = CHAPTERS
        if finer:
            return round(sum(self.value(reporter, partner, flow, each, period) for each in finer), 2)
        seed = f"{reporter} {partner} {flow} {code} {period} {self.revisions[reporter, period]}"
        return int(hashlib.sha256(seed.encode()).hexdigest()[:6], 16) % 5_000_000 + 0.25

    def rows(self, frequency: str, asked: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Return the rows of an answer, whole flows only."""
        wanted = asked.get("cmdCode") or list(self.codes)
        levels = {"AG2": 2, "AG4": 4, "AG6": 6}
        codes = []
        for word in wanted:
            if word in levels:
                codes += [code for code in self.codes if code != "TOTAL" and len(code) == levels[word]]
            elif word.upper() in self.codes:
                codes.append(word.upper())
        return [
            self.row(frequency, reporter, partner, flow, code, period)
            for period in asked.get("period") or self.periods(frequency)
            for reporter in asked.get("reporterCode") or self.reporters
            if self.has(reporter, period)
            for flow in asked.get("flowCode") or ["M", "X"]
            if flow in {"M", "X"}
            for partner in asked.get("partnerCode") or self.partners
            if partner in self.partners and partner != reporter and (reporter, partner) not in self.silent
            for code in codes
        ]

    def row(self, frequency: str, reporter: str, partner: str, flow: str, code: str, period: str) -> dict[str, Any]:
        """Write one row in the order and spelling of the API; descriptions are null, as by default."""
        value = self.value(reporter, partner, flow, code, period)
        year, month = int(period[:4]), int(period[4:] or 52)
        return {
            "typeCode": "C",
            "freqCode": frequency,
            "refPeriodId": int(f"{year}{1 if month == 52 else month:02d}01"),
            "refYear": year,
            "refMonth": month,
            "period": period,
            "reporterCode": int(reporter),
            "reporterISO": None,
            "reporterDesc": None,
            "flowCode": flow,
            "flowDesc": None,
            "partnerCode": int(partner),
            "partnerISO": None,
            "partnerDesc": None,
            "partner2Code": 0,
            "partner2ISO": None,
            "partner2Desc": None,
            "classificationCode": self.classification(period),
            "classificationSearchCode": "HS",
            "isOriginalClassification": True,
            "cmdCode": code,
            "cmdDesc": None,
            "aggrLevel": None,
            "isLeaf": None,
            "customsCode": "C00",
            "customsDesc": None,
            "mosCode": "0",
            "motCode": 0,
            "motDesc": None,
            "qtyUnitCode": -1,
            "qtyUnitAbbr": None,
            "qty": None,
            "isQtyEstimated": False,
            "altQtyUnitCode": -1,
            "altQtyUnitAbbr": None,
            "altQty": None,
            "isAltQtyEstimated": False,
            "netWgt": round(value / 2, 1),
            "isNetWgtEstimated": False,
            "grossWgt": None,
            "isGrossWgtEstimated": False,
            "cifvalue": value if flow == "M" else None,
            "fobvalue": value if flow == "X" else None,
            "primaryValue": value,
            "legacyEstimationFlag": 0,
            "isReported": True,
            "isAggregate": False,
        }

    def data_set(self, frequency: str, reporter: str, period: str) -> dict[str, Any]:
        """Write one row of the availability list."""
        revision = self.revisions[reporter, period]
        edition = self.classification(period)
        month = int(period[4:] or 1)
        return {
            "datasetCode": int(f"2{int(reporter):03d}{period[:4]}{month:02d}21{edition[1]}00"),
            "typeCode": "C",
            "freqCode": frequency,
            "period": int(period),
            "reporterCode": int(reporter),
            "reporterISO": REPORTERS.get(reporter),
            "reporterDesc": REPORTERS.get(reporter),
            "classificationCode": edition,
            "classificationSearchCode": "HS",
            "isOriginalClassification": True,
            "isExtendedFlowCode": True,
            "isExtendedPartnerCode": True,
            "isExtendedPartner2Code": False,
            "isExtendedCmdCode": False,
            "isExtendedCustomsCode": False,
            "isExtendedMotCode": False,
            "totalRecords": len(self.codes) * len(self.partners) * 2,
            "datasetChecksum": int(hashlib.sha256(f"{reporter}{period}{revision}".encode()).hexdigest()[:8], 16),
            "firstReleased": f"{int(period[:4]) + 1}-06-01T04:00:00",
            "lastReleased": f"{int(period[:4]) + 1}-06-{1 + revision % 28:02d}T04:00:00.{revision}",
        }


class StandIn:
    """The API on a port of this machine. `faults` happen to the next requests, one each; `seen` holds all requests."""

    def __init__(self, world: World | None = None, limits: Limits | None = None, port: int = 0) -> None:
        self.world, self.limits = world or World(), limits or Limits()
        self.faults: deque[Fault | None] = deque()
        self.on_request: Any = None
        self.pages: dict[str, Any] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.keys: list[str | None] = []
        self.too_fast = 0
        self.batches: dict[str, tuple[int, dict[str, list[str]], str]] = {}
        self.calls_by_key = 0
        self.turns: deque[float] = deque()
        self.lock = threading.Lock()
        stand_in = self

        class Bound(_Handler):
            server_of = stand_in

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Bound)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def revise(self, reporter: str, period: str) -> None:
        """Publish other figures for a data set."""
        self.world.revisions[reporter, period] += 1

    def asked(self, part: str = "/get/", also: str = "/preview/") -> list[str]:
        """List the addresses of the requests for rows, in order."""
        return [path for path, _ in self.seen if part in path or also in path]


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection after the other; a class of its own for each stand-in."""

    server_of: ClassVar[StandIn]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Tell the time of a clock that may be wrong."""
        return formatdate((timestamp or time.time()) + self.server_of.limits.clock_skew, usegmt=True)

    def do_GET(self) -> None:
        """Take a request: note it, let a fault happen to it, or answer."""
        api = self.server_of
        with api.lock:
            api.seen.append((self.path, dict(self.headers)))
            key = self.headers.get("Ocp-Apim-Subscription-Key")
            api.keys.append(key)
            fault = api.faults.popleft() if api.faults else None
        if api.on_request is not None:
            api.on_request(self.path)
        if fault is not None and not self._happens(fault):
            return
        parts = urlsplit(unquote(self.path))
        asked = {
            name.lower(): [each for each in ",".join(values).split(",") if each]
            for name, values in parse_qs(parts.query).items()
        }
        if not self._goes_slowly_enough():
            return
        for start, page in api.pages.items():
            if parts.path.startswith(start):
                status, body, page_kind = page(parts.path, parse_qs(parts.query))
                self._send(status, body, page_kind)
                return
        self._route(parts.path, asked, key)

    def _route(self, path: str, asked: dict[str, list[str]], key: str | None) -> None:
        if "reportercode=" not in self.path:
            # The client of the publisher writes it small everywhere; the preview was seen to take it no other way.
            asked.pop("reportercode", None)
        names = {"reportercode": "reporterCode", "partnercode": "partnerCode", "cmdcode": "cmdCode"}
        names |= {"flowcode": "flowCode", "period": "period"}
        plain = {names[name]: values for name, values in asked.items() if name in names}
        start, *rest = [part for part in path.split("/") if part]
        kind = rest[1] if len(rest) > 1 else ""
        frequency = rest[3] if len(rest) > 3 else "A"
        if start in {"data", "bulk", "async", "tools"} and not self._may_use(key):
            return
        if kind in {"preview", "get"} and start in {"public", "data"}:
            self._rows(plain, frequency, keyed=start == "data")
        elif kind == "getDa":
            self._availability(plain, frequency)
        elif kind == "getLiveUpdate":
            self._live_update()
        elif start == "bulk":
            self._bulk(kind, rest, plain, frequency)
        elif start == "async":
            self._async(kind, asked, plain, frequency)
        elif path.startswith("/async-file/"):
            self._async_file(rest[0])
        elif path.startswith("/files/v1/app/reference/"):
            self._reference(rest[-1])
        else:
            self._refuse(404, "Resource not found")

    def _may_use(self, key: str | None) -> bool:
        api = self.server_of
        if key is None:
            self._refuse(401, NO_KEY)
        elif key != KEY:
            self._refuse(401, BAD_KEY)
        else:
            api.calls_by_key += 1
            if api.limits.calls_a_day is None or api.calls_by_key <= api.limits.calls_a_day:
                return True
            self._refuse(403, QUOTA_TEXT.format(clock=api.limits.replenished_in))
        return False

    def _goes_slowly_enough(self) -> bool:
        api = self.server_of
        most = api.limits.calls_a_second
        if most is None:
            return True
        now = time.monotonic()
        with api.lock:
            while api.turns and api.turns[0] < now - 1:
                api.turns.popleft()
            if len(api.turns) >= most:
                api.too_fast += 1
                full = True
            else:
                api.turns.append(now)
                full = False
        if full:
            self._refuse(429, "Rate limit is exceeded. Try again in 1 seconds.", {"Retry-After": "1"})
        return not full

    def _rows(self, asked: dict[str, list[str]], frequency: str, *, keyed: bool) -> None:
        api = self.server_of
        limits = api.limits
        most = limits.periods_keyed if keyed else limits.periods_preview
        if len(asked.get("period", [])) > most:
            what = "preview" if not keyed else "query"
            self._refuse(400, f"Maximum number of periods for {what} is {most}")
            return
        began = time.perf_counter()
        rows = api.world.rows(frequency, asked)[: limits.rows_free if keyed else limits.rows_preview]
        took = f"{time.perf_counter() - began:.4f} secs"
        self._json({"elapsedTime": took, "count": len(rows), "data": rows, "error": ""})

    def _availability(self, asked: dict[str, list[str]], frequency: str) -> None:
        world = self.server_of.world
        rows = [
            world.data_set(frequency, reporter, period)
            for reporter in asked.get("reporterCode") or world.reporters
            for period in asked.get("period") or world.periods(frequency)
            if world.has(reporter, period)
        ][: self.server_of.limits.rows_list]
        self._json({"elapsedTime": "0.05 secs", "count": len(rows), "data": rows, "error": ""})

    def _live_update(self) -> None:
        world = self.server_of.world
        rows = [
            {
                "size": 1,
                "startedAt": "2026-01-05T04:00:00",
                "completedAt": "2026-01-05T04:10:00",
                "status": "Completed",
                "lastUpdated": "2026-01-05T04:10:00",
                "queuedAt": "2026-01-05T03:59:00",
                "releaseStatus": "Released",
                "reporterCode": int(reporter),
                "freqCode": "A" if len(period) == 4 else "M",
                "typeCode": "C",
                "classificationCode": world.classification(period),
                "period": int(period),
            }
            for (reporter, period), times in world.revisions.items()
            if times
        ]
        self._json({"elapsedTime": "0.02 secs", "count": len(rows), "data": rows, "error": ""})

    def _bulk(self, kind: str, rest: list[str], asked: dict[str, list[str]], frequency: str) -> None:
        api = self.server_of
        world = api.world
        if kind == "file":
            reporter, period = rest[2], rest[3].removesuffix(".gz")
            rows = world.rows("A" if len(period) == 4 else "M", {"reporterCode": [reporter], "period": [period]})
            left_out = ("ISO", "Desc", "Abbr")
            names = [name for name in rows[0] if not name.endswith(left_out) and name not in {"aggrLevel", "isLeaf"}]
            if not api.limits.bulk_splits:
                names = [name for name in names if name not in {"partner2Code", "customsCode", "motCode"}]
            text = _tab_separated(rows, names, {"cifvalue": "CIFValue", "fobvalue": "FOBValue"})
            self._send(200, gzip.compress(text, mtime=0), "application/gzip", pack=False)
            return
        rows = [
            {
                "fileUrl": f"{api.url}/bulk/v1/file/{reporter}/{period}.gz{'' if is_own else '?restated'}",
                "fileSize": "8.48 MB",
                "isOriginalClassification": is_own,
                "reporterCode": int(reporter),
                "freqCode": frequency,
                "typeCode": "C",
                "classificationCode": world.classification(period) if is_own else "H0",
                "refPeriodId": 1,
                "period": period,
                "publicationDate": f"2026-01-{1 + world.revisions[reporter, period]:02d}T00:00:00",
                "partitionKey": "p",
                "rowKey": f"{reporter}{period}",
                "timestamp": "2026-01-01T00:00:00",
                "eTag": "e",
            }
            for reporter in asked.get("reporterCode") or world.reporters
            for period in asked.get("period") or world.periods(frequency)
            if world.has(reporter, period)
            for is_own in (True, False)
        ]
        self._json({"elapsedTime": "0.05 secs", "count": len(rows), "data": rows, "error": ""})

    def _async(self, kind: str, asked: dict[str, list[str]], plain: dict[str, list[str]], frequency: str) -> None:
        api = self.server_of
        if kind != "getDA":
            batch = str(uuid.uuid4())
            api.batches[batch] = (0, plain, frequency)
            accepted = "Your request is accepted.You will be notified through your email when the data is ready"
            self._json({"requestId": batch, "message": f"{accepted} for download"}, status=202)
            return
        batch = asked.get("batchid", [""])[0]
        polls, plain, frequency = api.batches.get(batch, (0, {}, "A"))
        api.batches[batch] = (polls + 1, plain, frequency)
        status = ("Submitted", "Running", "Completed")[min(polls, 2)]
        uri = f"{api.url}/async-file/batchid-{batch}.zip" if status == "Completed" else ""
        row = {"batchId": batch, "status": status, "uri": uri, "message": ""}
        self._json({"elapsedTime": "0.01 secs", "count": 1, "data": [row], "error": ""})

    def _async_file(self, name: str) -> None:
        """Tab-separated text with a byte-order mark and every name capitalised, as archives were seen to hold."""
        stem = name.removesuffix(".zip")
        _, plain, frequency = self.server_of.batches[stem.removeprefix("batchid-")]
        rows = self.server_of.world.rows(frequency, plain)
        text = _tab_separated(rows, list(rows[0]), {each: each[0].upper() + each[1:] for each in rows[0]})
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.txt", b"\xef\xbb\xbf" + text)
        self._send(200, packed.getvalue(), "application/zip", pack=False)

    def _reference(self, name: str) -> None:
        results: list[dict[str, Any]] = []
        if name == "Reporters.json":
            results = [
                {
                    "id": int(number),
                    "text": iso,
                    "reporterCode": int(number),
                    "reporterDesc": iso,
                    "reporterNote": iso,
                    "reporterCodeIsoAlpha2": iso[:2],
                    "reporterCodeIsoAlpha3": iso,
                    "entryEffectiveDate": "1900-01-01T00:00:00",
                    "isGroup": False,
                }
                for number, iso in REPORTERS.items()
            ]
        elif name == "partnerAreas.json":
            results = [
                {
                    "id": int(number),
                    "text": number,
                    "PartnerCode": int(number),
                    "PartnerDesc": number,
                    "partnerNote": number,
                    "PartnerCodeIsoAlpha3": None,
                    "entryEffectiveDate": "1900-01-01T00:00:00",
                    "isGroup": False,
                }
                for number in PARTNERS
            ]
        elif name in {"HS.json", *(f"H{edition}.json" for edition in range(7))}:
            results = [
                {
                    "id": code,
                    "text": f"{code} - invented",
                    "parent": code[:-2] or "TOTAL",
                    "isLeaf": "0",
                    "aggrLevel": 2,
                }
                for code in ALL_CODES
            ]
        if not results:
            self._refuse(404, "Resource not found")
            return
        body = "\ufeff" + json.dumps({"more": False, "classCode": name.removesuffix(".json"), "results": results})
        self._send(200, body.encode(), "application/json")

    def _happens(self, fault: Fault) -> bool:
        """Let a fault happen; tells whether the request is still answered afterwards."""
        body = b'{"elapsedTime":"0.1 secs","count":2,"data":[{"typeCode":"C","freqC'
        match fault.kind:
            case "slow":
                time.sleep(fault.seconds)
                return True
            case "html":
                page = b"<!DOCTYPE html><html><head><title>Service busy</title></head><body>Busy</body></html>"
                self._send(200, page, "text/html")
            case "empty":
                self._json({"elapsedTime": "0.01 secs", "count": 0, "data": [], "error": ""})
            case "cut":
                self._head(200, "application/json", len(body) + 500)
                self.wfile.write(body)
                self.close_connection = True
            case "short":
                # The length is right; the JSON is not.
                self._send(200, body, "application/json", pack=False)
            case "badgzip":
                packed = gzip.compress(body * 50)
                self._head(200, "application/json", len(packed) // 2, {"Content-Encoding": "gzip"})
                self.wfile.write(packed[: len(packed) // 2])
            case "say":
                self._send(200, (fault.message or "").encode(), "application/json")
            case "reset":
                self.close_connection = True
                self.connection.close()
            case _:
                status = int(fault.kind)
                texts = {429: "Rate limit is exceeded. Try again in 2 seconds.", 401: BAD_KEY}
                texts[403] = QUOTA_TEXT.format(clock=self.server_of.limits.replenished_in)
                said = fault.message or texts.get(status, "Internal server error")
                self._refuse(status, said, {"Retry-After": fault.retry_after} if fault.retry_after else {})
        return False

    def _refuse(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        body = json.dumps({"statusCode": status, "message": message}).encode()
        self._send(status, body, "application/json", headers=headers)

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(content, separators=(",", ":")).encode(), "application/json; charset=utf-8")

    def _send(
        self, status: int, body: bytes, kind: str, *, pack: bool = True, headers: dict[str, str] | None = None
    ) -> None:
        extra = dict(headers or {})
        if body and pack and self.server_of.limits.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            extra["Content-Encoding"] = "gzip"
        self._head(status, kind, len(body), extra)
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Request-Context", "appId=cid-v1:stand-in")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()


def _tab_separated(rows: list[dict[str, Any]], names: list[str], spelled: dict[str, str]) -> bytes:
    """Write rows as tab-separated text, with the heading spelled as given."""
    lines = ["\t".join(spelled.get(name, name) for name in names)]
    lines += ["\t".join("" if row[name] is None else str(row[name]) for name in names) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A stand-in for UN Comtrade's API; every figure is invented.")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--flaky", type=float, default=0.0, help="share of requests that fail, 0 to 1")
    options = parser.parse_args()
    api = StandIn(port=options.port)
    if options.flaky:
        chance = random.Random(4711)
        kinds = ("429", "500", "503", "cut", "html", "reset")

        def maybe(_path: str) -> None:
            if chance.random() < options.flaky:
                api.faults.append(Fault(chance.choice(kinds), retry_after="1"))

        api.on_request = maybe
    print(f"listening on {api.url}; the key is {KEY}", flush=True)  # noqa: T201
    with suppress(KeyboardInterrupt):
        api.server.serve_forever()


if __name__ == "__main__":
    main()
