"""Bad nights of the gateway, for tests/e2e/n1_nights.sh; the tables are those of examples/bookshop.

    n1_nights.py full URL STORE SECRET ROWS              one upload while the disk is full: prints status, type and whether to wait
    n1_nights.py until_full URL STORE SECRET ROWS        uploads until one is not taken: prints how many were, and the answer to that one
    n1_nights.py again URL STORE SECRET ROWS             the same upload until it is taken: prints the answer
    n1_nights.py noise URL STORE SECRET SECONDS KIND     makes noise of that kind at full speed: prints how often
    n1_nights.py measure URL STORE SECRET SECONDS        calls and uploads of a store that behaves: prints milliseconds
"""
import json
import os
import random
import socket
import statistics
import sys
import threading
import time
import urllib.parse

from n1_client import Client, must, opened
from n1_upload import Shop, patient, sales, zstd

CONNECTIONS = 24  # of one noisy store
LARGE = 16 << 20
ADDRESSES = {"noise": "192.0.2.66", "measure": "198.51.100.7"}


def batch(shop, rows):
    """Always the same bytes for the same state of the store."""
    return shop.pack(*sales(shop.store, range(shop.next, shop.next + int(rows))))


def kind_of(got):
    return f"{got.status} {got.body['type']} {'wait' if int(got.headers.get('Retry-After', 0)) > 0 else '-'}"


def full(url, store, secret, rows):
    shop = Shop(url, store, secret)
    print(kind_of(shop.send(batch(shop, rows))))


def until_full(url, store, secret, rows):
    shop, taken = Shop(url, store, secret), 0
    while (got := shop.send(batch(shop, rows))).status == 201:
        taken += 1
        shop.number, shop.counter, shop.next = shop.number + 1, shop.next + int(rows) - 1, shop.next + int(rows)
    print(taken, kind_of(got))


def again(url, store, secret, rows):
    shop = patient_shop(url, store, secret)
    raw = batch(shop, rows)
    print(json.dumps(must(patient(lambda: shop.send(raw)), 201).body))


def patient_shop(url, store, secret):
    end = time.time() + 60
    while True:
        try:
            return Shop(url, store, secret)
        except (OSError, AssertionError, AttributeError):
            assert time.time() < end, "the gateway never came back"
            time.sleep(0.2)


# --- noise ---

def raw_socket(url):
    at = urllib.parse.urlsplit(url)
    return socket.create_connection((at.hostname, at.port), timeout=8)


def bytes_without_sense(url, *_):
    with raw_socket(url) as sock:
        sock.sendall(random.randbytes(2000) + b"\r\n\r\n")
        sock.recv(1000)


def unsigned(url, *_):
    client = Client(url)
    for _ in range(50):
        client.send("PUT", "/v1/uploads/1", random.randbytes(3000))


def forged(url, store, secret):
    """Signed, but not by who it should be."""
    client = opened(url, store, secret)
    client.key = bytes(32)
    for _ in range(50):
        client.call("POST", "/v1/calls/CountSales", b"{}", {"Content-Type": "application/json"})


def nonsense(url, store, secret):
    """Signed well; the body is garbage."""
    client = opened(url, store, secret)
    for _ in range(20):
        client.call("PUT", f"/v1/uploads/{random.randrange(1, 9)}", random.randbytes(5000), {"Content-Type": "application/zstd"})
        client.call("POST", "/v1/calls/CountSales", random.randbytes(200), {"Content-Type": "application/json"})


def bad_parcels(url, store, secret):
    """Signed packages that look like some, but unpack to a gigabyte, or have rows that nobody can read."""
    client = opened(url, store, secret)
    for _ in range(5):
        number = must(client.call("GET", "/v1/uploads"), 200).body["last"] + 1
        client.call("PUT", f"/v1/uploads/{number}", BOMB, {"Content-Type": "application/zstd"})
        client.call("PUT", f"/v1/uploads/{number}", b"\x28\xb5\x2f\xfd" + random.randbytes(9000), {"Content-Type": "application/zstd"})


def hold(url, *_):
    """Announces much and sends it a byte at a time."""
    with raw_socket(url) as sock:
        sock.sendall(f"PUT /v1/uploads/1 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {ADDRESSES['noise']}\r\nContent-Length: {LARGE}\r\n\r\n".encode())
        for _ in range(100):
            sock.sendall(b"x")
            time.sleep(0.1)


KINDS = {f.__name__: f for f in (bytes_without_sense, unsigned, forged, nonsense, bad_parcels, hold)}
BOMB = b""


def noise(url, store, secret, seconds, kind):
    global BOMB
    Client.always = {"X-Forwarded-For": ADDRESSES["noise"]}
    BOMB = zstd(bytes(1 << 28)) if kind == "bad_parcels" else b""
    end, made = time.time() + float(seconds), []

    def make():
        while time.time() < end:
            try:
                KINDS[kind](url, store, secret)
            except (OSError, AssertionError, ValueError, AttributeError, TypeError):
                pass
            except Exception as e:  # noqa: http.client has many
                if type(e).__module__ != "http.client":
                    raise
            made.append(1)
    threads = [threading.Thread(target=make, daemon=True) for _ in range(CONNECTIONS)]
    for t in threads:
        t.start()
    time.sleep(float(seconds))
    print(kind, len(made), flush=True)
    os._exit(0)


def measure(url, store, secret, seconds):
    """Calls and uploads, one after the other with a pause, as a store makes them; every one has to be taken at once."""
    Client.always = {"X-Forwarded-For": ADDRESSES["measure"]}
    times = []
    shop = Shop(url, store, secret)
    client, end = shop.client, time.time() + float(seconds)
    while time.time() < end:
        raw = batch(shop, 20)
        began = time.time()
        body = json.dumps({"parameters": {"branch": int(store)}}).encode()
        got = must(client.call("POST", "/v1/calls/CountSales", body, {"Content-Type": "application/json"}), 200)
        assert got.body["success"], got
        middle = time.time()
        must(client.call("PUT", f"/v1/uploads/{shop.number}", raw, {"Content-Type": "application/zstd"}), 201)
        times += [middle - began, time.time() - middle]
        shop.number, shop.counter, shop.next = shop.number + 1, shop.next + 19, shop.next + 20
        time.sleep(0.05)
    cuts = statistics.quantiles(times, n=100)
    print(len(times), round(cuts[49] * 1000), round(cuts[98] * 1000))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
