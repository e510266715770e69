"""A store of version N-1 in Python, written from docs/n1/protocol.md: it downloads packages into SQLite and applies them.

    n1_store.py sync URL STORE SECRET DATABASE        until there is nothing more; prints what it applied
    n1_store.py fail URL STORE SECRET DATABASE TEXT   says of the next package that it failed with TEXT
    n1_store.py peek URL STORE SECRET DATABASE        prints what would come next
    n1_store.py take URL STORE SECRET PACKAGE         fetches part 0 of any package; prints the status
    n1_store.py report URL STORE SECRET NAME=NUMBER...  says what is under way
    n1_store.py same DATABASE FILE                    compares with {"table": [[...], ...]} in FILE
"""
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from n1_client import must, opened

UNESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def value(text):
    if text == "\\N":
        return None
    out, i = [], 0
    while i < len(text):
        if text[i] == "\\":
            i += 1
            out.append(UNESCAPES[text[i]])
        else:
            out.append(text[i])
        i += 1
    return "".join(out)


def rows_of(raw):
    return [[value(v) for v in line.split("\t")] for line in raw.decode().split("\n")[:-1]]


def unpack(raw):
    """The manifest, and for each table its rows and the keys that went, with every digest checked."""
    tar = tarfile.open(fileobj=io.BytesIO(subprocess.run(["zstd", "-dc"], input=raw, capture_output=True, check=True).stdout))
    files = {member.name: tar.extractfile(member).read() for member in tar}
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["format"] == 1, manifest
    tables = []
    for i, table in enumerate(manifest["tables"], 1):
        parts = []
        for kind in ("rows", "keys"):
            data = files.pop(f"{i}.{kind}", b"")
            assert not data or hashlib.sha256(data).hexdigest() == table[f"{kind}_sha256"], (table, kind)
            parts.append(rows_of(data))
            assert len(parts[-1]) == table.get(kind, 0), (table, kind, len(parts[-1]))
        tables.append((table, *parts))
    assert not files, files.keys()
    return manifest, tables


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("create table if not exists versions (chain text primary key, version integer)")

    def at(self):
        return ",".join(f"{chain}:{version}" for chain, version in self.db.execute("select * from versions order by 1"))

    def apply(self, manifest, tables):
        self.db.execute("begin immediate")
        for table, rows, keys in tables:
            self.apply_table(table, rows, keys)
        if manifest["full"]:
            job, shared = manifest["job"], "@" in manifest["chain"]
            for (chain,) in self.db.execute("select chain from versions").fetchall():
                if chain.split("@")[0] == job and ("@" in chain) == shared:
                    self.db.execute("delete from versions where chain = ?", (chain,))
        self.db.execute("insert or replace into versions values (?, ?)", (manifest["chain"], manifest["to"]))
        self.db.execute("commit")

    def apply_table(self, table, rows, keys):
        name, columns = table["table"], [c["name"] for c in table["columns"]]
        key = ", ".join(f'"{c}"' for c in table["key"])
        self.db.execute(f'create table if not exists "{name}" ({", ".join(chr(34) + c + chr(34) for c in columns)},'
                        f" primary key ({key}))")
        where = " and ".join(f'"{c}" = ?' for c in table["key"])
        if table.get("replace"):
            self.db.execute(f'delete from "{name}"')
        self.db.executemany(f'delete from "{name}" where {where}', keys)
        self.db.executemany(f'insert or replace into "{name}" values ({", ".join("?" * len(columns))})', rows)

    def tables(self):
        names = self.db.execute("select name from sqlite_master where type = 'table' and name <> 'versions'")
        return {name: self.db.execute(f'select * from "{name}"').fetchall() for (name,) in names.fetchall()}


def call(client, *what):
    """A request that waits when the gateway asks for it."""
    while (got := client.call(*what)).status == 429:
        time.sleep(int(got.headers["Retry-After"]))
    return got


def next_of(client, store):
    return must(call(client, "GET", f"/v1/downloads?at={store.at()}"), 200).body


def fetch(client, package):
    parts = [must(call(client, "GET", f"/v1/downloads/{package['id']}/parts/{i}"), 200).raw for i in range(package["parts"])]
    assert all(len(p) == package["part_bytes"] for p in parts[:-1]), [len(p) for p in parts]
    raw = b"".join(parts)
    assert len(raw) == package["bytes"] and hashlib.sha256(raw).hexdigest() == package["sha256"], package
    return raw


def tell(client, package, **document):
    body = json.dumps(document).encode()
    return call(client, "POST", f"/v1/downloads/{package['id']}/state", body, {"Content-Type": "application/json"})


def sync(url, name, secret, path):
    client, store = opened(url, name, secret), Store(path)
    for _ in range(600):
        got = next_of(client, store)
        package = got["package"]
        if not package and not got["preparing"]:
            return
        if not package:
            time.sleep(0.1)
            continue
        manifest, tables = unpack(fetch(client, package))
        for name in ("job", "chain", "full", "from", "to"):
            assert manifest[name] == package[name], (manifest, package)
        must(tell(client, package, state="downloaded"), 204)
        store.apply(manifest, tables)
        must(tell(client, package, state="applied"), 204)
        print(f"{package['chain']} {'full' if package['full'] else 'delta'} {package['from']}-{package['to']}"
              f" {sum(len(t[1]) for t in tables)} rows {sum(len(t[2]) for t in tables)} keys", flush=True)
    raise SystemExit("there was always something more")


def fail(url, name, secret, path, text):
    client, store = opened(url, name, secret), Store(path)
    package = next_of(client, store)["package"]
    must(tell(client, package, state="failed", message=text), 204)
    print(package["id"])


def peek(url, name, secret, path):
    print(json.dumps(next_of(opened(url, name, secret), Store(path))))


def take(url, name, secret, package):
    print(opened(url, name, secret).call("GET", f"/v1/downloads/{package}/parts/0").status)


def report(url, name, secret, *facts):
    body = json.dumps({k: int(v) for k, v in (fact.split("=") for fact in facts)}).encode()
    must(call(opened(url, name, secret), "PUT", "/v1/report", body, {"Content-Type": "application/json"}), 204)


def same(path, wanted):
    have, want = Store(path).tables(), json.load(open(wanted))
    for name in want:
        a = sorted([str(v) if v is not None else "" for v in row] for row in have.get(name, []))
        b = sorted([str(v) if v is not None else "" for v in row] for row in want[name])
        if a != b:
            only_a = [r for r in a if r not in b][:3]
            only_b = [r for r in b if r not in a][:3]
            raise SystemExit(f"{name}: {len(a)} rows instead of {len(b)}; only here: {only_a}; only there: {only_b}")


if __name__ == "__main__":
    {"sync": sync, "fail": fail, "peek": peek, "take": take, "report": report, "same": same}[sys.argv[1]](*sys.argv[2:])
