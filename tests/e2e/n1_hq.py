"""Headquarters for a store of version N-1, written from docs/n1/protocol.md with Python's standard library and the programs
zstd and tar: what the reference store is tested against. It takes nothing on trust, keeps what stores send, and can be told to
misbehave.

    n1_hq.py serve PORTFILE STORE=SECRET...     serves until it is killed
    n1_hq.py tell URL JSON                      one wish ({"publish": ...}, {"fault": ...}, {"clock": ...}, {"forget": ...})
    n1_hq.py world URL STORE [ITEMS [VERSION]]  publishes what a store of AX 2012 R3 needs
    n1_hq.py books URL                          what has arrived, checked: prints JSON, ends with 1 when something is wrong
    n1_hq.py same URL STORE DIR                 ends with 1 unless all the store did is here exactly once, and nothing else
    n1_hq.py sql DIR STATEMENT                  runs it on the store's channel database
"""
import base64
import decimal
import hashlib
import hmac
import http.server
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

PART_BYTES = 4096
WINDOW = 300


def text64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(raw):
    return hashlib.sha256(raw).hexdigest()


# --- packages ---

def escape(value):
    if value is None:
        return "\\N"
    text = str(value)
    for plain, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(plain, written)
    return text


def lines(rows):
    return "".join("\t".join(escape(v) for v in row) + "\n" for row in rows).encode()


def value(text):
    if text == "\\N":
        return None
    names = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
    return re.sub(r"\\(.)", lambda m: names[m[1]], text)


def pack(manifest, files):
    """A package of a manifest and its files: tar and zstd."""
    with tempfile.TemporaryDirectory() as place:
        with open(f"{place}/manifest.json", "w") as f:
            json.dump(manifest, f)
        names = ["manifest.json"]
        for name, raw in files:
            with open(f"{place}/{name}", "wb") as f:
                f.write(raw)
            names.append(name)
        tar = subprocess.run(["tar", "--format=ustar", "-C", place, "-cf", "-"] + names, check=True, capture_output=True)
        return subprocess.run(["zstd", "-q", "-c"], input=tar.stdout, check=True, capture_output=True).stdout


def unpack(raw):
    """The manifest and the files of a package, in their order."""
    tar = subprocess.run(["zstd", "-q", "-d", "-c"], input=raw, capture_output=True)
    if tar.returncode:
        raise Refused("this is not zstd")
    with tempfile.TemporaryDirectory() as place:
        listed = subprocess.run(["tar", "-tf", "-"], input=tar.stdout, capture_output=True, text=False)
        subprocess.run(["tar", "-C", place, "-xf", "-"], input=tar.stdout, check=True)
        names = listed.stdout.decode().split()
        if not names or names[0] != "manifest.json":
            raise Refused("the first file is not manifest.json")
        files = {name: open(f"{place}/{name}", "rb").read() for name in names}
    return json.loads(files.pop("manifest.json")), files


def download_package(wish):
    manifest = {"format": 1, "kind": "download", "job": wish["job"], "chain": wish["chain"], "full": wish.get("full", False),
                "from": wish.get("from", 0), "to": wish["to"], "created": "2026-11-21T02:14:07Z", "tables": []}
    files = []
    for i, table in enumerate(wish["tables"], 1):
        entry = {"table": table["table"], "columns": [{"name": n, "type": t} for n, t in table["columns"]],
                 "key": table["key"], "replace": table.get("replace", False), "rows": len(table.get("rows", []))}
        for what in ("rows", "keys"):
            if table.get(what):
                raw = lines(table[what])
                files.append((f"{i}.{what}", raw))
                entry[what], entry[what + "_sha256"] = len(table[what]), digest(raw)
        manifest["tables"].append(entry)
    manifest.update(wish.get("manifest", {}))
    return pack(manifest, files)


# --- what has arrived ---

class Refused(Exception):
    def __init__(self, detail, kind="upload-refused", status=422, **more):
        super().__init__(detail)
        self.kind, self.status, self.more = kind, status, more


class Books:
    """Uploads of one store."""

    def __init__(self):
        self.last, self.counters, self.answers, self.digests = 0, {}, {}, {}
        self.tables = {}     # name: {key: row}
        self.conflicts = []  # rows whose key was there with other values
        self.transactions = 0
        self.differences = []  # totals of the store that are not those of these books

    def take(self, store, number, raw):
        if number in self.digests:
            if self.digests[number] != digest(raw):
                raise Refused("another package has this number", "upload-differs", 409)
            return self.answers[number]
        if number != self.last + 1:
            raise Refused("another number comes next", "upload-gap", 409, expected=self.last + 1)
        manifest, files = unpack(raw)
        self.check(store, number, manifest, files)
        answer = self.enter(number, manifest, files)
        self.last, self.digests[number], self.answers[number] = number, digest(raw), answer
        return answer

    def check(self, store, number, manifest, files):
        if (manifest["format"], manifest["kind"], manifest["store"], manifest["number"]) != (1, "upload", store, number):
            raise Refused("the manifest is of another package")
        expected = [f"{i}.rows" for i, t in enumerate(manifest["tables"], 1) if t["rows"]]
        if list(files) != expected:
            raise Refused(f"the files are {list(files)}, not {expected}")
        for i, table in enumerate(manifest["tables"], 1):
            raw = files.get(f"{i}.rows", b"")
            if digest(raw) != table["rows_sha256"] or raw.count(b"\n") != table["rows"]:
                raise Refused(f"{table['table']}: rows and digest differ")
            counter = table["counter"]
            if counter["after"] != self.counters.get(table["table"], 0):
                raise Refused("counters do not go on", "upload-counter", 409, expected=self.counters.get(table["table"], 0))
            at = [c["name"] for c in table["columns"]].index(counter["column"])
            given = [int(line.split("\t")[at]) for line in raw.decode().splitlines()]
            if given != list(range(counter["after"] + 1, counter["to"] + 1)):
                raise Refused(f"{table['table']}: counters {given[:5]}... have gaps")

    def enter(self, number, manifest, files):
        rows, aside, heads = 0, 0, set()
        for i, table in enumerate(manifest["tables"], 1):
            names = [c["name"] for c in table["columns"]]
            there = self.tables.setdefault(table["table"], {})
            for line in files[f"{i}.rows"].decode().split("\n")[:-1]:
                row = dict(zip(names, (value(v) for v in line.split("\t"))))
                key = tuple(row[k] for k in table["key"])
                rows += 1
                if key in there and there[key] != row:
                    aside += 1
                    self.conflicts.append((number, table["table"], key))
                    continue
                there.setdefault(key, row)
                if i == 1:
                    heads.add(key)
            self.counters[table["table"]] = table["counter"]["to"]
        self.whole(manifest, files)
        self.totals(manifest)
        self.transactions += len(heads)
        return {"upload": number, "rows": rows, "aside": aside, "transactions": len(heads)}

    def whole(self, manifest, files):
        """Every line, payment ... of this package has its receipt in this package."""
        ids = {}
        for i, table in enumerate(manifest["tables"], 1):
            names = [c["name"] for c in table["columns"]]
            for name in ("TRANSACTIONID",):
                if name in names:
                    at = names.index(name)
                    ids[table["table"]] = {l.split("\t")[at] for l in files[f"{i}.rows"].decode().splitlines()}
        for name, some in ids.items():
            if name != "RETAILTRANSACTIONTABLE" and not some <= ids.get("RETAILTRANSACTIONTABLE", set()):
                raise Refused(f"{name}: a transaction is not whole")

    def totals(self, manifest):
        if "RETAILTRANSACTIONTABLE" not in self.tables:
            return
        mine = {}
        for row in self.tables["RETAILTRANSACTIONTABLE"].values():
            sums = mine.setdefault((row["TERMINAL"], row["BUSINESSDATE"]), [0, 0, 0])
            if int(row["TYPE"]) != 2 or int(row["ENTRYSTATUS"]) in (1, 4, 5, 6):
                continue  # what was voided or suspended is no sale
            sums[0] += 1
            sums[1] += decimal.Decimal(row["GROSSAMOUNT"])
            sums[2] += decimal.Decimal(row["PAYMENTAMOUNT"])
        for total in manifest.get("totals", []):
            theirs = [decimal.Decimal(total["values"][k]) for k in ("transactions", "gross", "payment")]
            if theirs != mine.get((total["terminal"], total["day"])):
                self.differences.append([total, str(mine.get((total["terminal"], total["day"])))])

    # The laws of packages/ax2012r3-commerce/laws, as far as a store can break them.
    def laws(self):
        D = decimal.Decimal
        get = lambda name: self.tables.get(name, {}).values()
        wrong = [f"conflict {c}" for c in self.conflicts]
        heads = {r["TRANSACTIONID"]: r for r in get("RETAILTRANSACTIONTABLE")}
        net, gross, pay, tax, disc = {}, {}, {}, {}, {}
        add = lambda d, k, v: d.__setitem__(k, d.get(k, D(0)) + v)
        for r in get("RETAILTRANSACTIONTAXTRANS"):
            add(tax, (r["TRANSACTIONID"], D(r["SALELINENUM"])), D(r["AMOUNT"]))
        for r in get("RETAILTRANSACTIONDISCOUNTTRANS"):
            add(disc, (r["TRANSACTIONID"], D(r["SALELINENUM"])), D(r["AMOUNT"]))
        for r in get("RETAILTRANSACTIONSALESTRANS"):
            line = (r["TRANSACTIONID"], D(r["LINENUM"]))
            if r["TRANSACTIONID"] not in heads:
                wrong.append(f"RT05 line {line}")
            if r["TRANSACTIONSTATUS"] == "1":
                continue
            add(net, r["TRANSACTIONID"], D(r["NETAMOUNT"]))
            add(gross, r["TRANSACTIONID"], D(r["NETAMOUNT"]) + D(r["TAXAMOUNT"]))
            if D(r["TAXAMOUNT"]) + tax.get(line, 0) != 0:
                wrong.append(f"RT03 {line}")
            parts = D(r["LINEDSCAMOUNT"]) + D(r["TOTALDISCAMOUNT"]) + D(r["PERIODICDISCAMOUNT"])
            if D(r["DISCAMOUNT"]) != parts or parts != disc.get(line, 0):
                wrong.append(f"RT04 {line}")
            if r["RETURNTRANSACTIONID"] and r["RETURNTRANSACTIONID"] not in heads:
                wrong.append(f"a return without its sale {line}")
        for r in get("RETAILTRANSACTIONPAYMENTTRANS"):
            add(pay, r["TRANSACTIONID"], D(r["AMOUNTTENDERED"]))
        for i, r in heads.items():
            if r["TYPE"] != "2" or r["ENTRYSTATUS"] != "0":
                continue
            if D(r["NETAMOUNT"]) != net.get(i, 0) or D(r["GROSSAMOUNT"]) != gross.get(i, 0):
                wrong.append(f"RT01 {i}")
            if D(r["PAYMENTAMOUNT"]) != pay.get(i, 0):
                wrong.append(f"RT02 {i}")
            if D(r["GROSSAMOUNT"]) + D(r["PAYMENTAMOUNT"]) + D(r["SALESPAYMENTDIFFERENCE"]) != 0:
                wrong.append(f"RT12 {i}")
        for b in get("RETAILPOSBATCHTABLE"):
            mine = [r for r in heads.values() if r["BATCHTERMINALID"] == b["TERMINALID"] and r["BATCHID"] == b["BATCHID"]]
            theirs = [int(b[k]) for k in ("TRANSACTIONSCOUNT", "VOIDSCOUNT", "NOSALECOUNT")]
            if theirs != [len(mine), sum(r["ENTRYSTATUS"] == "1" for r in mine), sum(r["TYPE"] == "9" for r in mine)]:
                wrong.append(f"RT07 {b['TERMINALID']} {b['BATCHID']}")
        return wrong


# --- the server ---

class Headquarters:
    def __init__(self, stores):
        self.lock = threading.RLock()
        self.secrets = stores
        self.sessions, self.nonces = {}, set()
        self.packages, self.states = [], []
        self.faults, self.ahead, self.expires = [], 0, 3600
        self.books = {store: Books() for store in stores}
        self.requests, self.chaos = 0, None
        self.cards, self.keys = {}, {}

    def now(self):
        return int(time.time()) + self.ahead

    def offer(self, store, at):
        failed = {}
        for who, number, state in self.states:
            if who == store and state == "failed":
                failed[number] = failed.get(number, 0) + 1
        for p in (p for p in self.packages if not p.get("gone")):
            version = at.get(p["chain"], 0)
            stuck = any(failed.get(q["id"], 0) >= 3 for q in self.packages if q["chain"] == p["chain"])
            newest = max(q["to"] for q in self.packages if q["chain"] == p["chain"] and q["full"]) if p["full"] else 0
            fits = p["to"] > version and (p["from"] == version and not p["full"] or
                                          p["full"] and p["to"] == newest and not self.delta(p["chain"], version))
            if fits and not stuck:
                return p
        return None

    def delta(self, chain, version):
        return version and any(p["chain"] == chain and not p["full"] and p["from"] == version for p in self.packages)

    def call(self, method, p):
        """The gift cards of docs/n1/calls.md: (success, message, payload)."""
        card, till = self.cards.get(p["giftCardId"]), (p["channelId"], p["terminalId"])
        if method == "IssueGiftCard":
            if card:
                return False, "GiftCardExists: it is there", []
            self.cards[p["giftCardId"]] = {"balance": decimal.Decimal(p["amount"]), "lock": till, "taken": {}}
            return True, "", [p["currencyCode"], p["amount"]]
        if not card:
            return False, "GiftCardUnknown: there is none", []
        if card["lock"] not in (None, till):
            return False, "GiftCardLocked: by another till", []
        if method in ("PayGiftCard", "VoidGiftCard") and card["lock"] != till:
            return False, "GiftCardNotLocked: lock it first", []
        amount = decimal.Decimal(p.get("amount", "0"))
        if method == "PayGiftCard" and card["balance"] < amount:
            return False, "GiftCardBalance: too low", []
        card["lock"] = till if method == "LockGiftCard" else None
        if method == "VoidGiftCard":
            card["balance"] = decimal.Decimal(0)
        if method == "PayGiftCard":
            card["balance"] -= amount
            card["taken"][p["transactionId"]] = amount
        if method == "VoidGiftCardPayment":
            card["balance"] += card["taken"].pop(p.get("transactionId"), 0)
        return True, "", []

    def tell(self, wish):
        with self.lock:
            if "publish" in wish:
                raw = download_package(wish["publish"])
                p = {k: wish["publish"].get(k, d) for k, d in
                     (("job", ""), ("chain", ""), ("full", False), ("from", 0), ("to", 0))}
                p.update(id=len(self.packages) + 1, raw=raw, sha256=digest(raw), part_bytes=wish.get("part_bytes", PART_BYTES))
                self.packages.append(p)
            if "withdraw" in wish:  # the store left that group
                for p in self.packages:
                    p["gone"] = p.get("gone") or p["chain"] == wish["withdraw"]
            if "fault" in wish:
                self.faults.append(wish["fault"])
            if "no_faults" in wish:
                self.faults, self.chaos = [], None
            if "chaos" in wish:
                import random
                self.chaos = (random.Random(wish.get("seed", 1)), wish["chaos"])
            self.ahead = wish.get("clock", self.ahead)
            if wish.get("expire"):
                self.sessions.clear()
            if "forget" in wish:  # headquarters is restored to the state after that upload
                store, number = wish["forget"]
                self.books[store] = wish_books(self.books[store], number)
            return {"requests": self.requests, "packages": len(self.packages), "states": self.states,
                    "faults": len(self.faults)}


def wish_books(old, number):
    fresh = Books()
    for n in sorted(old.digests):
        if n <= number:
            fresh.take(old.store, n, old.raws[n])
    return fresh


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def answer(self, status, body=None, kind="application/json", **headers):
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        head = [f"HTTP/1.1 {status} x", f"Carryover-Time: {self.server.hq.now()}", f"Content-Length: {len(raw)}"]
        if raw:
            head.append(f"Content-Type: {kind}")
        head += [f"{k.replace('_', '-')}: {v}" for k, v in headers.items()]
        if status == 204:
            head.remove(f"Content-Length: {len(raw)}")
        whole = ("\r\n".join(head) + "\r\n\r\n").encode() + raw
        fault = self.fault or {}
        if fault.get("kind") == "lose":
            return self.drop()
        if fault.get("kind") == "cut":
            self.wfile.write(whole[:fault["after"]])
            self.wfile.flush()
            return self.drop(politely=fault["after"] % 2)
        if fault.get("kind") == "corrupt" and raw:
            whole = whole[:-1] + bytes([whole[-1] ^ 1])
        self.wfile.write(whole)

    def drop(self, politely=False):
        if not politely:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR) if politely else self.connection.close()
        except OSError:
            pass

    def problem(self, status, kind, detail, **more):
        wait = {"Retry_After": more.pop("retry")} if "retry" in more else {}
        self.answer(status, {"type": kind, "title": kind, "status": status, "detail": detail, "time": self.server.hq.now(),
                             **more}, "application/problem+json", **wait)

    def pick_fault(self):
        hq = self.server.hq
        with hq.lock:
            hq.requests += 1
            if hq.chaos and self.path.startswith("/v1/") and hq.chaos[0].random() < hq.chaos[1]:
                kind = hq.chaos[0].choice(["cut", "lose", "early", "busy", "half"])
                return {"kind": kind, "after": hq.chaos[0].randrange(0, 600), "retry": 0}
            for f in hq.faults:
                if re.fullmatch(f.get("path", ".*"), self.path) and f.get("method", self.command) == self.command:
                    f["times"] = f.get("times", 1) - 1
                    if f["times"] <= 0:
                        hq.faults.remove(f)
                    return dict(f)
        return None

    def handle_any(self):
        self.fault = None if self.path == "/control" else self.pick_fault()
        kind = (self.fault or {}).get("kind")
        length = int(self.headers.get("Content-Length", 0))
        if kind == "early":
            return self.drop()
        if kind == "half":
            self.rfile.read(min(length, self.fault.get("after", 0)))
            return self.drop()
        self.body = self.rfile.read(length)
        if kind == "slow":
            time.sleep(self.fault["seconds"])
        if kind == "busy":
            return self.problem(503, "gateway-busy", "not now", retry=self.fault.get("retry", 1))
        if kind == "problem":
            return self.problem(self.fault["status"], self.fault["type"], "as I was told")
        if kind == "html":
            return self.answer(self.fault.get("status", 502), b"<html>proxy</html>", "text/html")
        try:
            self.route()
        except Refused as r:
            self.problem(r.status, r.kind, str(r), **r.more)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def signed(self):
        """The store that signed this request, or None when the answer was given."""
        hq, h = self.server.hq, self.headers
        for name in ("Session", "Timestamp", "Nonce", "Signature"):
            if not h.get(f"Carryover-{name}"):
                return self.problem(401, "unsigned", f"Carryover-{name} is missing")
        if abs(int(h["Carryover-Timestamp"]) - hq.now()) > WINDOW:
            return self.problem(401, "clock", "the clock is off")
        with hq.lock:
            session = hq.sessions.get(h["Carryover-Session"])
            nonce = (h["Carryover-Session"], h["Carryover-Nonce"])
            seen = nonce in hq.nonces
        if not session:
            return self.problem(401, "session", "no such session")
        text = "\n".join(["carryover-1", self.command, self.path, h["Carryover-Session"], h["Carryover-Timestamp"],
                          h["Carryover-Nonce"], digest(self.body)])
        if text64(hmac.new(session[1], text.encode(), hashlib.sha256).digest()) != h["Carryover-Signature"]:
            return self.problem(401, "signature", "wrong signature")
        if seen or not re.fullmatch("[A-Za-z0-9_-]{16,64}", h["Carryover-Nonce"]):
            return self.problem(409, "replay", "the nonce was used")
        hq.nonces.add(nonce)
        return session[0]

    def route(self):
        hq, url = self.server.hq, urllib.parse.urlsplit(self.path)
        if url.path == "/control":
            return self.control()
        if (self.command, url.path) == ("POST", "/v1/sessions"):
            return self.open_session()
        store = self.signed()
        if not store:
            return
        if (self.command, url.path) == ("DELETE", "/v1/session"):
            hq.sessions.pop(self.headers["Carryover-Session"], None)
            return self.answer(204)
        if (self.command, url.path) == ("PUT", "/v1/report"):
            facts = json.loads(self.body)
            if len(facts) > 20 or not all(re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]{0,39}", k) and v >= 0 for k, v in facts.items()):
                return self.problem(400, "request", "no report")
            return self.answer(204)
        if (self.command, url.path) == ("GET", "/v1/downloads"):
            return self.downloads(store, url.query)
        if (self.command, url.path) == ("GET", "/v1/uploads"):
            return self.answer(200, {"last": hq.books[store].last, "counters": hq.books[store].counters})
        m = re.fullmatch("/v1/downloads/([0-9]+)/(parts/([0-9]+)|state)", url.path)
        if m and int(m[1]) <= len(hq.packages):
            return self.part(hq.packages[int(m[1]) - 1], m[3]) if m[3] else self.state(store, int(m[1]))
        m = re.fullmatch("/v1/calls/([A-Za-z]+)", url.path)
        if m and self.command == "POST":
            return self.take_call(store, m[1])
        m = re.fullmatch("/v1/uploads/([0-9]+)", url.path)
        if m and self.command == "PUT":
            return self.upload(store, int(m[1]))
        self.problem(404, "not-found", "nothing here")

    def control(self):
        if self.command == "POST":
            return self.answer(200, self.server.hq.tell(json.loads(self.body)))
        with self.server.hq.lock:
            books = {s: {"last": b.last, "counters": b.counters, "transactions": b.transactions, "wrong": b.laws(), "differences": b.differences,
                         "rows": {t: len(r) for t, r in b.tables.items()},
                         "values": {t: sorted(map(sorted, (r.items() for r in rows.values()))) for t, rows in b.tables.items()},
                         "ids": sorted(r.get("TRANSACTIONID", r.get("id")) for t in ("RETAILTRANSACTIONTABLE", "sale")
                                       for r in b.tables.get(t, {}).values())}
                     for s, b in self.server.hq.books.items()}
            cards = {c: [str(v["balance"]), bool(v["lock"])] for c, v in self.server.hq.cards.items()}
            return self.answer(200, {"books": books, "states": self.server.hq.states, "cards": cards})

    def open_session(self):
        hq, want = self.server.hq, json.loads(self.body)
        if not hmac.compare_digest(hq.secrets.get(want["store"], ""), want["secret"]):
            return self.problem(401, "credentials", "no store has this id and this secret")
        session, key = text64(secrets.token_bytes(16)), secrets.token_bytes(32)
        with hq.lock:
            hq.sessions[session] = (want["store"], key)
        self.answer(201, {"store": want["store"], "session": session, "key": text64(key), "expires_in": hq.expires,
                          "time": hq.now()})

    def downloads(self, store, query):
        hq, at = self.server.hq, {}
        text = urllib.parse.parse_qs(query, keep_blank_values=True)["at"][0]
        for one in filter(None, text.split(",")):
            chain, version = one.rsplit(":", 1)
            at[chain] = int(version)
        with hq.lock:
            p = hq.offer(store, at)
        if not p:
            return self.answer(200, {"package": None, "poll_after": 0})
        lie = (self.fault or {}).get("kind") == "lie"
        self.answer(200, {"package": {"id": p["id"], "job": p["job"], "chain": p["chain"], "full": p["full"],
                                      "from": p["from"], "to": p["to"], "bytes": len(p["raw"]),
                                      "sha256": "0" * 64 if lie else p["sha256"], "part_bytes": p["part_bytes"],
                                      "parts": -(-len(p["raw"]) // p["part_bytes"])}, "poll_after": 0})

    def part(self, p, number):
        at = int(number) * p["part_bytes"]
        self.answer(200, p["raw"][at:at + p["part_bytes"]], "application/octet-stream")

    def state(self, store, number):
        want = json.loads(self.body)
        assert want["state"] in ("downloaded", "applied", "failed") and len(want.get("message", "").encode()) <= 500
        with self.server.hq.lock:
            self.server.hq.states.append((store, number, want["state"]))
        self.answer(204)

    def take_call(self, store, method):
        hq, want = self.server.hq, json.loads(self.body)
        with hq.lock:
            key = (store, want["key"])
            if key in hq.keys and hq.keys[key][0] != (method, self.body):
                return self.problem(409, "call-differs", "the key was used for another call")
            if key not in hq.keys:
                success, message, payload = hq.call(method, want["parameters"])
                hq.keys[key] = (method, self.body), json.dumps({"success": success, "message": message, "payload": payload})
            answer = hq.keys[key][1].encode()
        self.answer(200, answer)

    def upload(self, store, number):
        assert self.headers["Content-Type"] == "application/zstd"
        hq = self.server.hq
        with hq.lock:
            books = hq.books[store]
            answer = books.take(store, number, self.body)
            if not hasattr(books, "raws"):
                books.raws, books.store = {}, store
            books.raws[number] = self.body
        self.answer(201, answer)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        why = sys.exc_info()[1]
        if not isinstance(why, (ConnectionError, ValueError, OSError)):
            super().handle_error(request, client_address)


def serve(port_file, *stores):
    server = Server(("127.0.0.1", int(os.environ.get("N1_HQ_PORT", "0"))), Handler)
    scheme = "http"
    if os.environ.get("N1_HQ_CERT"):
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(os.environ["N1_HQ_CERT"], os.environ["N1_HQ_KEY"])
        server.socket = trust.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.hq = Headquarters(dict(s.split("=", 1) for s in stores))
    with open(port_file + ".tmp", "w") as f:
        f.write(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    shutil.move(port_file + ".tmp", port_file)
    server.serve_forever()


# --- what tests tell it ---

def tell(url, wish):
    raw = wish.encode() if isinstance(wish, str) else json.dumps(wish).encode()
    with urllib.request.urlopen(urllib.request.Request(url + "/control", raw, method="POST"), timeout=30) as got:
        print(got.read().decode())


def world(url, store, items="200", version="1"):
    """One store with two terminals, four workers, means of payment, customers and items."""
    n, b, big = int(items), "bigint", 5637144576
    money = lambda cents: f"{cents // 100}.{cents % 100:02d}00000000000000"
    wishes = [
        ("1070", [("RETAILCHANNELTABLE", [("RECID", b), ("CURRENCY", "text"), ("INVENTLOCATION", "text"),
                                          ("INVENTLOCATIONDATAAREAID", "text"), ("PARTITION", b)], ["RECID"],
                   [[big, "USD", store[:6], "usrt", 1]]),
                  ("RETAILSTORETABLE", [("RECID", b), ("STORENUMBER", "text"), ("TAXGROUP", "text")], ["RECID"],
                   [[big, store, "TX"]]),
                  ("RETAILSTORETENDERTYPETABLE", [("RECID", b), ("CHANNEL", b), ("TENDERTYPEID", "text"), ("NAME", "text"),
                                                  ("POSOPERATION", "int"), ("ROUNDING", "numeric(32,16)"),
                                                  ("DATAAREAID", "text")], ["CHANNEL", "TENDERTYPEID", "DATAAREAID"],
                   [[big + i, big, t, name, op, step, "usrt"] for i, (t, name, op, step) in enumerate(
                       [("1", "Cash", 200, "0.05"), ("2", "Check\tpaper", 204, "0.01"), ("3", 'K\u00e4rtchen \\ "Cards"', 201, "0.01"),
                        ("8", "Gift card", 214, "0.01")])])]),
        ("1090", [("RETAILTERMINALTABLE", [("RECID", b), ("TERMINALID", "text"), ("STORERECID", b)], ["TERMINALID"],
                   [[big + i, f"{store[:6]}-{i}", big] for i in (1, 2)])]),
        ("1060", [("RETAILSTAFFTABLE", [("RECID", b), ("STAFFID", "text"), ("BLOCKED", "int")], ["RECID"],
                   [[big + i, f"{160 + i:06d}", int(i == 3)] for i in range(4)])]),
        ("1010", [("CUSTTABLE", [("RECID", b), ("ACCOUNTNUM", "text"), ("CURRENCY", "text"), ("PARTY", b), ("DATAAREAID", "text")],
                   ["ACCOUNTNUM", "DATAAREAID"], [[big + i, f"C{i:05d}", "USD", big + i, "usrt"] for i in range(50)])]),
        ("1040", [("INVENTTABLE", [("RECID", b), ("ITEMID", "text"), ("PRODUCT", b), ("DATAAREAID", "text")],
                   ["ITEMID", "DATAAREAID"], [[big + i, f"I{i:06d}", big + i, "usrt"] for i in range(n)]),
                  ("INVENTTABLEMODULE", [("RECID", b), ("ITEMID", "text"), ("MODULETYPE", "int"), ("PRICE", "numeric(32,16)"),
                                         ("UNITID", "text"), ("TAXITEMGROUPID", "text"), ("DATAAREAID", "text")],
                   ["ITEMID", "MODULETYPE", "DATAAREAID"],
                   [[big + 3 * i + m, f"I{i:06d}", m, money(99 + i * 37 % 9900), "ea", "EXEMPT" if i % 10 == 3 else "FULL", "usrt"]
                    for i in range(n) for m in (0, 2)])]),
    ]
    for job, tables in wishes:
        tell(url, {"publish": {"job": job, "chain": f"{job}@US-SOUTH", "full": True, "to": int(version), "tables": [
            {"table": t, "columns": c, "key": k, "rows": rows} for t, c, k, rows in tables]}})


def look(url):
    with urllib.request.urlopen(url + "/control", timeout=60) as got:
        return json.loads(got.read())


def books(url):
    found = look(url)
    for b in found["books"].values():
        del b["values"]
    print(json.dumps(found))
    sys.exit(1 if any(b["wrong"] for b in found["books"].values()) else 0)


def same(url, store, place):
    found, wrong = look(url), []
    theirs = found["books"][store]
    with open(f"{place}/journal.jsonl") as f:
        journal = [json.loads(line) for line in f]
    told = sorted(j["id"] for j in journal if j["kind"] not in ("suspend", "close-shift"))
    if told != theirs["ids"]:
        wrong.append(f"journal and headquarters: {sorted(set(told) ^ set(theirs['ids']))[:5]}, {len(told)} {len(theirs['ids'])}")
    db = sqlite3.connect(f"{place}/channel.db")
    for (table,) in db.execute("select name from carryover_upload").fetchall():
        rows = db.execute(f"select * from {table}")
        names = [d[0] for d in rows.description]
        mine = sorted([[n, None if v is None else str(v)] for n, v in sorted(zip(names, row))] for row in rows)
        if mine != theirs["values"].get(table, []):
            wrong.append(f"{table}: {len(mine)} rows here, {len(theirs['values'].get(table, []))} there, or other values")
    if found["cards"]:
        wrong += cards(db, found["cards"])
    wrong += theirs["wrong"] + list(map(str, theirs["differences"]))
    print("\n".join(wrong[:10]))
    sys.exit(1 if wrong else 0)


def cards(db, theirs):
    """Every gift card has here and there the same balance, and no till holds one."""
    mine, wrong = {}, []
    for card, amount in db.execute("select COMMENT, -NETAMOUNT from RETAILTRANSACTIONSALESTRANS where GIFTCARD = 1 and TRANSACTIONSTATUS = 0"
                                   " union all select GIFTCARDID, -AMOUNTTENDERED from RETAILTRANSACTIONPAYMENTTRANS where GIFTCARDID <> ''"):
        mine[card] = mine.get(card, 0) + round(float(amount) * 100)
    for card in set(mine) | set(theirs):
        balance, locked = theirs.get(card, ("0", False))
        if mine.get(card, 0) != round(decimal.Decimal(balance) * 100) or locked:
            wrong.append(f"gift card {card}: {mine.get(card, 0)} here, {balance} there, {'locked' if locked else 'free'}")
    left = db.execute("select count(*) from carryover_call").fetchone()[0]
    return wrong + ([f"{left} calls are not settled"] if left else [])


def sql(place, statement):
    db = sqlite3.connect(f"{place}/channel.db", timeout=60, isolation_level=None)
    for row in db.execute(statement):
        print("|".join("" if v is None else str(v) for v in row))


if __name__ == "__main__":
    {"serve": serve, "same": same, "sql": sql, "tell": tell, "world": world, "books": books}[sys.argv[1]](*sys.argv[2:])
