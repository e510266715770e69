"""Uploads of stores of version N-1, written from docs/n1/protocol.md, and the checks that tests/e2e/uploads.sh makes.

    n1_upload.py CHECK URL [ARGUMENT...]      the tables are those of examples/bookshop
"""
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import threading
import time

from n1_client import Client, must, opened

BOOK = "9780000000001"
DAY = "2026-11-21"


def zstd(raw):
    return subprocess.run(["zstd", "-q", "-c"], input=raw, stdout=subprocess.PIPE, check=True).stdout


def cell(value):
    if value is None:
        return "\\N"
    text = str(value)
    for raw, letter in (("\\", "\\"), ("\t", "t"), ("\n", "n"), ("\r", "r")):
        text = text.replace(raw, "\\" + letter)
    return text


class Table:
    """Rows of one table: dictionaries, all with the same columns."""

    def __init__(self, name, key, rows, counter=None, after=0):
        self.name, self.key, self.rows, self.counter, self.after = name, key, rows, counter, after

    def text(self):
        return "".join("\t".join(cell(v) for v in row.values()) + "\n" for row in self.rows).encode()

    def manifest(self):
        document = {"table": self.name, "key": self.key, "rows": len(self.rows),
                    "columns": [{"name": name, "type": "text"} for name in self.rows[0]],
                    "rows_sha256": hashlib.sha256(self.text()).hexdigest()}
        if self.counter:
            document["counter"] = {"column": self.counter, "after": self.after, "to": self.rows[-1][self.counter]}
        return document


def package(store, number, tables, totals=(), change=None, job="SALES"):
    """The bytes of an upload; `change` may spoil the manifest before it is packed."""
    manifest = {"format": 1, "kind": "upload", "job": job, "store": store, "number": number,
                "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "tables": [t.manifest() for t in tables], "totals": list(totals)}
    if change:
        change(manifest)
    files = [("manifest.json", json.dumps(manifest).encode())]
    files += [(f"{i}.rows", t.text()) for i, t in enumerate(tables, 1)]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return zstd(out.getvalue())


def sales(store, ids, change=None):
    """Sales with one line each; `change` may spoil a sale and its line."""
    heads, lines = [], []
    for i in ids:
        head = {"ID": i, "BRANCH": store, "CUSTOMER": None, "SOLD_AT": f"{DAY} 10:00:00", "PAYMENT": "K", "TOTAL": "10.00"}
        line = {"SALE": i, "LINE": 1, "ISBN": BOOK, "ISSN": None, "COPIES": 1, "AMOUNT": "10.00"}
        if change:
            change(head, line)
        heads.append(head)
        lines.append(line)
    return heads, lines


class Shop:
    """A store that knows how far it is."""

    def __init__(self, url, store, secret):
        self.client = opened(url, store, secret)
        self.store = store
        self.learn()

    def learn(self):
        state = must(self.client.call("GET", "/v1/uploads"), 200).body
        self.number, self.counter = state["last"] + 1, state["counters"]["SALE"]
        self.next = max(self.counter + 1, int(self.store) * 10**9)

    def pack(self, heads, lines, number=None, **how):
        tables = [Table("SALE", ["ID"], heads, "ID", self.counter), Table("SALE_LINE", ["SALE", "LINE"], lines)]
        return package(self.store, number or self.number, tables, **how)

    def send(self, raw, number=None):
        return upload(self.client, number or self.number, raw)

    def sell(self, n=3, change=None, **how):
        heads, lines = sales(self.store, range(self.next, self.next + n), change)
        got = must(self.send(self.pack(heads, lines, **how)), 201)
        self.learn()
        return got.body


def upload(client, number, raw):
    return client.call("PUT", f"/v1/uploads/{number}", raw, {"Content-Type": "application/zstd"})


# --- the checks ---

def accepts(url, store, secret):
    shop = Shop(url, store, secret)
    assert shop.counter > 0, "the sales of before the cutover count"
    first = shop.number
    heads, lines = sales(store, range(shop.next, shop.next + 3))
    raw = shop.pack(heads, lines)
    got = must(shop.send(raw), 201)
    assert got.body == {"upload": first, "rows": 6, "aside": 0, "transactions": 3}, got
    again = must(shop.send(raw), 201)
    assert again.raw == got.raw, (got, again)
    must(shop.send(raw + b"x"), 409, "upload-differs")
    shop.learn()
    assert shop.number == first + 1 and shop.counter == heads[-1]["ID"], (shop.number, shop.counter)
    gap = shop.pack(*sales(store, [shop.next]), number=first + 5)
    got = must(shop.send(gap, first + 5), 409, "upload-gap")
    assert got.body["expected"] == first + 1, got
    shop.counter += 7
    got = must(shop.send(shop.pack(*sales(store, [shop.next + 50]))), 409, "upload-counter")
    assert got.body["expected"] == {"SALE": heads[-1]["ID"]}, got
    shop.learn()
    assert shop.number == first + 1, "what was refused uses up no number"
    assert shop.sell()["upload"] == first + 1


def refuses(url, store, secret, other):
    shop = Shop(url, store, secret)
    ids = range(shop.next, shop.next + 3)
    heads, lines = sales(store, ids)
    good = shop.pack(heads, lines)

    def no(raw, why, status=422, kind="upload-refused", number=None):
        got = must(shop.send(raw, number), status, kind)
        assert why in got.body["detail"], (why, got)

    def spoilt(change):
        return shop.pack(*sales(store, ids), change=change)

    no(package(other, shop.number, [Table("SALE", ["ID"], heads, "ID", shop.counter)]), "of the store")
    no(shop.pack(*sales(other, ids)), "another store")
    no(shop.pack(heads, sales(store, [1, 2, 3])[1]), "of no transaction of this package")
    no(spoilt(lambda m: m.update(number=m["number"] + 1)), "has the number")
    no(spoilt(lambda m: m.update(job="X")), "of the job")
    no(spoilt(lambda m: m.update(kind="x")), "neither upload nor download")
    no(spoilt(lambda m: m["tables"][0].update(table="CUSTOMER")), "do not send rows of CUSTOMER")
    no(spoilt(lambda m: m["tables"][0]["columns"][2].update(name="DISCOUNT")), "has no column discount")
    no(spoilt(lambda m: m["tables"][0]["columns"][1].update(name="BRANCHES")), "lacks the column branch")
    no(spoilt(lambda m: m["tables"][0].pop("counter")), "has to be counted")
    no(spoilt(lambda m: m["tables"][0]["counter"].update(to=m["tables"][0]["counter"]["to"] + 1)), "last counter")
    no(spoilt(lambda m: m["tables"][1].update(rows=2)), "more lines")
    no(spoilt(lambda m: m["tables"][1].update(rows_sha256="0" * 64)), "another SHA-256")
    no(spoilt(lambda m: m["tables"][0]["columns"].pop()), "has not 5 values")
    no(good[:-3], "")
    no(b"garbage", "zstd")
    no(spoilt(lambda m: m["tables"][1].update(rows=3000000)), "rows", 413, "upload-large")
    got = shop.send(os.urandom(17 << 20))
    assert got.status == 413, got
    shop.client.connection = None
    must(shop.client.call("PUT", f"/v1/uploads/{shop.number}", good), 400, "request")
    must(shop.client.call("PUT", "/v1/uploads/0", good, {"Content-Type": "application/zstd"}), 400, "request")
    must(shop.client.call("PUT", "/v1/uploads/x", good, {"Content-Type": "application/zstd"}), 400, "request")
    big = shop.client.call("PUT", f"/v1/stores/{store}/version", b"x" * 300000, {"Content-Type": "application/json"})
    assert big.status == 413, big
    shop.client.connection = None
    must(shop.send(good), 201)


def sets_aside(url, store, secret):
    """Of ten sales: one whose payment is too long, one whose payment version N does not know, one without a total. The
    rest goes in; so does the line of the sale that the lens refuses, when the sale comes."""
    shop = Shop(url, store, secret)
    first = shop.next

    def spoil(head, line):
        if head["ID"] == first + 2:
            head["PAYMENT"] = "long"
        if head["ID"] == first + 4:
            head["PAYMENT"] = "Z"
        if head["ID"] == first + 6:
            head["TOTAL"] = None
        if head["ID"] == first + 8:
            line["COPIES"] = "many"

    got = shop.sell(10, spoil)
    assert (got["rows"], got["aside"], got["transactions"]) == (20, 4, 10), got
    print(first)


def repeats_rows(url, store, secret):
    """A line that is there twice, with different amounts: the first one counts."""
    shop = Shop(url, store, secret)
    heads, lines = sales(store, [shop.next])
    lines.insert(0, {**lines[0], "AMOUNT": "99.00"})
    got = must(shop.send(shop.pack(heads, lines)), 201).body
    assert (got["rows"], got["aside"]) == (3, 1), got
    print(heads[0]["ID"])


FAULTS = [
    lambda head, line: head.update(PAYMENT="long"),
    lambda head, line: head.update(PAYMENT="Z"),
    lambda head, line: head.update(TOTAL=None),
    lambda head, line: head.update(TOTAL="1000000000"),
    lambda head, line: head.update(SOLD_AT="yesterday evening"),
    lambda head, line: line.update(COPIES="many"),
    lambda head, line: line.update(AMOUNT="99999999.999"),
    lambda head, line: line.update(ISBN=None),
    lambda head, line: line.update(ISBN="97800000000010"),
]


def sends_faults(url, store, secret, seed):
    """Packages of all sizes with faults at random: prints how many rows of each table were sent, and set aside."""
    rand = random.Random(seed)
    shop = Shop(url, store, secret)
    sent = aside = 0
    for _ in range(15):
        n, often = rand.choice([1, 2, 7, 60]), rand.choice([0.02, 0.2, 1])

        def spoil(head, line):
            if rand.random() < often:
                rand.choice(FAULTS)(head, line)
        got = shop.sell(n, spoil)
        assert got["rows"] == 2 * n, got
        sent, aside = sent + n, aside + got["aside"]
    print(sent, aside)


def breaks_a_rule(url, store, secret):
    shop = Shop(url, store, secret)
    first = shop.next

    def spoil(head, line):
        if head["ID"] == first + 1:
            head["TOTAL"] = "12.00"
    got = shop.sell(3, spoil)
    assert (got["aside"], got["transactions"]) == (0, 3), got
    print(first + 1)


def tells_totals(url, store, secret, count, revenue):
    shop = Shop(url, store, secret)
    total = {"terminal": "1", "day": DAY, "values": {"sales": str(int(count) + 1), "revenue": f"{float(revenue) + 10:.2f}"}}
    shop.sell(1, totals=[total])


def races(url, store, secret, other_url):
    """The same packages over four connections to two instances: each is taken once, and all hear the same answer."""
    shop = Shop(url, store, secret)
    packages, first = [], shop.number
    for _ in range(6):
        heads, lines = sales(store, range(shop.next, shop.next + 20))
        packages.append((shop.number, shop.pack(heads, lines)))
        shop.number, shop.counter, shop.next = shop.number + 1, heads[-1]["ID"], heads[-1]["ID"] + 1
    answers, failures = {}, []

    def run(where):
        try:
            client = opened(where, store, secret)
            for number, raw in packages:
                while True:
                    got = upload(client, number, raw)
                    if got.status == 201:
                        answers.setdefault(number, set()).add(got.raw)
                        break
                    assert got.status == 503 or got.body["type"] == "upload-gap", got
        except Exception as e:  # noqa: what failed is told below
            failures.append(e)
    threads = [threading.Thread(target=run, args=(u,)) for u in (url, other_url, url, other_url)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures, failures
    assert len(answers) == 6 and all(len(a) == 1 for a in answers.values()), answers
    assert Shop(url, store, secret).number == first + 6


def cut_upload(client, number, raw):
    """Sends a part of the request and goes away, or all of it without waiting for the answer."""
    try:
        target = f"/v1/uploads/{number}"
        headers = {**client.sign("PUT", target, raw), "Content-Type": "application/zstd"}
        connection = client.connect()
        connection.putrequest("PUT", target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(raw)))
        connection.endheaders(raw[:random.randrange(len(raw) + 1)] if random.random() < 0.5 else raw)
        time.sleep(random.random() * 0.02)
        connection.close()
    except OSError:
        pass


def patient(what):
    """Again until the gateway is there and says something."""
    end = time.time() + 60
    while time.time() < end:
        try:
            got = what()
            if got is not None and got.status < 500:
                return got
        except (OSError, AssertionError, AttributeError, TypeError):
            pass
        except Exception as e:  # noqa: http.client has many
            if type(e).__module__ != "http.client":
                raise
        time.sleep(0.02)
    raise AssertionError("the gateway never came back")


def survive_one(url, store, secret, seed, seconds, failures):
    try:
        random.seed(seed)
        client = Client(url, store, secret)
        patient(client.open)
        state = patient(lambda: client.call("GET", "/v1/uploads")).body
        number, counter = state["last"] + 1, state["counters"]["SALE"]
        end, identity = time.time() + seconds, max(counter + 1, int(store) * 10**9)
        sent = 0
        while time.time() < end:
            n = random.randrange(1, 30)
            heads, lines = sales(store, range(identity, identity + n))
            tables = [Table("SALE", ["ID"], heads, "ID", counter), Table("SALE_LINE", ["SALE", "LINE"], lines)]
            raw = package(store, number, tables)
            if random.random() < 0.4:
                cut_upload(client, number, raw)

            def once():
                client.connection = None if random.random() < 0.3 else client.connection
                got = upload(client, number, raw)
                if got.status == 401:
                    client.open()
                    return None
                return got
            got = must(patient(once), 201)
            assert got.body["rows"] == 2 * n and got.body["aside"] == 0, got
            number, counter, identity, sent = number + 1, heads[-1]["ID"], heads[-1]["ID"] + 1, sent + n
        print(store, sent)
    except Exception as e:  # noqa: what failed is told below
        failures.append((store, repr(e)))


def survives(url, seed, seconds, *stores):
    """Stores that sell while the gateway is killed again and again: prints how many sales each was told are accepted."""
    failures = []
    pairs = [s.split("=") for s in stores]
    threads = [threading.Thread(target=survive_one, args=(url, store, secret, f"{seed}{store}", float(seconds), failures))
               for store, secret in pairs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures, failures


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
