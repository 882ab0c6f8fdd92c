"""Stand-ins for other publishers' services: pages to hang into a `StandIn`. Every figure is invented."""

from __future__ import annotations

import json
from typing import Any

CENSUS_KEY = "census-key-4712"
MISSING_KEY = (
    b"<html><head><title>Missing Key</title></head><body><h1>A valid <em>key</em> must be included.</h1></body></html>"
)
COUNTRIES = {"5700": "CHINA", "5790": "KOREA NORTH", "5800": "KOREA SOUTH", "4621": "RUSSIA"}
COMEXT_HEADING = "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE"


def census(path: str, asked: dict[str, list[str]]) -> tuple[int, bytes, str]:
    """Answer as the Census Bureau does: a list of lists, 204 where there is nothing, a page where the key is missing."""
    if asked.get("key") != [CENSUS_KEY]:
        return 200, MISSING_KEY, "text/html"
    country, month = asked["CTY_CODE"][0], asked["time"][0]
    if month.endswith("-02"):
        return 204, b"", "application/json"
    names = asked["get"][0].split(",")
    digits = int(asked["COMM_LVL"][0].removeprefix("HS"))
    codes = [code for code in ("03", "27", "2709", "270900") if len(code) == digits]
    rows: list[list[Any]] = [[*names, "COMM_LVL", "CTY_CODE", "time"]]
    for number, code in enumerate(codes):
        value = str(1000 * (number + 1) + int(month[-2:]))
        cells = {"CTY_CODE": country, "CTY_NAME": COUNTRIES[country], "E_COMMODITY": code, "I_COMMODITY": code}
        cells |= {"ALL_VAL_MO": value, "GEN_VAL_MO": "0"}
        rows.append([*(cells[name] for name in names), asked["COMM_LVL"][0], country, month])
    text = "[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]"
    return 200, text.encode(), "application/json;charset=utf-8"


def comext(path: str, asked: dict[str, list[str]]) -> tuple[int, bytes, str]:
    """Answer as Eurostat does: SDMX-CSV, a line for each indicator; 413 where the question is too big."""
    freq, reporters, partners, products, flows, _ = path.rsplit("/", 1)[1].split(".")
    year = asked["startPeriod"][0]
    if not partners:
        return 413, b"<S:Fault><faultstring>EXTRACTION_TOO_BIG</faultstring></S:Fault>", "application/xml"
    lines = [COMEXT_HEADING]
    for reporter in reporters.split("+") if reporters else ["DE", "FR", "EU27_2020"]:
        for product in products.split("+"):
            if product not in {"TOTAL", "03", "27"}:
                continue
            for flow in flows.split("+"):
                for period in [year] if freq == "A" else [f"{year}-01", f"{year}-02"]:
                    start = f"ESTAT:DS-045409(1.0),15/09/26 11:00:00,{freq},{reporter},{partners},{product},{flow}"
                    lines.append(f"{start},QUANTITY_IN_100KG,{period},12.5")
                    lines.append(f"{start},VALUE_IN_EUROS,{period},1000")
    return 200, ("\r\n".join(lines) + "\r\n").encode(), "application/vnd.sdmx.data+csv;version=1.0.0"
