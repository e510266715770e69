"""A client of the gateway for stores of version N-1, with Python's standard library only, written from
docs/n1/protocol.md; and the checks that tests/e2e/n1.sh makes with it.

    n1_client.py CHECK URL [ARGUMENT...]      URL is http://HOST:PORT or https://HOST:PORT; $N1_CA is a PEM file to trust
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import secrets
import socket
import ssl
import sys
import time
import urllib.parse

from n1_openapi import check_exchange


def text64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        self.body = json.loads(raw) if raw and "json" in headers.get("Content-Type", "") else None

    def __repr__(self):
        return f"{self.status} {self.raw[:300]!r}"


class Client:
    always = {}  # headers of every request

    def __init__(self, url, store=None, secret=None):
        self.url = urllib.parse.urlsplit(url)
        self.store, self.secret = store, secret
        self.session = self.key = None
        self.offset = 0
        self.connection = None

    def connect(self):
        address = (self.url.hostname, self.url.port)
        if self.url.scheme == "https":
            trust = ssl.create_default_context(cafile=os.environ["N1_CA"])
            return http.client.HTTPSConnection(*address, timeout=8, context=trust)
        return http.client.HTTPConnection(*address, timeout=8)

    def send(self, method, target, body=b"", headers=None):
        """One request on the open connection, or on a new one when the server has closed that."""
        for attempt in (1, 2):
            self.connection = self.connection or self.connect()
            try:
                self.connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in {**self.always, **(headers or {})}.items():
                    self.connection.putheader(name, value)
                if body or method in ("POST", "PUT"):
                    self.connection.putheader("Content-Length", str(len(body)))
                self.put_body(body)
                got = self.connection.getresponse()
                answer = Answer(got.status, got.headers, got.read())
                check_exchange(method, target, (headers or {}).get("Content-Type"), body, answer)
                return answer
            except (ConnectionError, http.client.HTTPException):
                self.connection = None
                if attempt == 2:
                    raise

    def put_body(self, body):
        """The gateway may answer, and close, before it has read a body that is too large."""
        try:
            self.connection.endheaders(body or None)
        except (BrokenPipeError, ConnectionResetError):
            if len(body) < 1 << 18:
                raise

    def open(self, version=None):
        document = {"store": self.store, "secret": self.secret}
        if version:
            document["version"] = version
        got = self.send("POST", "/v1/sessions", json.dumps(document).encode(), {"Content-Type": "application/json"})
        if got.status == 201:
            self.session, self.key = got.body["session"], bytes64(got.body["key"])
        return got

    def sign(self, method, target, body=b"", nonce=None, at=None):
        at = str(int(time.time() + self.offset) if at is None else at)
        nonce = nonce or text64(secrets.token_bytes(16))
        lines = ["carryover-1", method, target, self.session, at, nonce, hashlib.sha256(body).hexdigest()]
        mac = hmac.new(self.key, "\n".join(lines).encode(), hashlib.sha256).digest()
        return {"Carryover-Session": self.session, "Carryover-Timestamp": at, "Carryover-Nonce": nonce,
                "Carryover-Signature": text64(mac)}

    def call(self, method, target, body=b"", headers=None, **how):
        signed = self.sign(method, target, body, **how)
        return self.send(method, target, body, {**signed, **(headers or {})})

    def put_version(self, version, **how):
        body = json.dumps({"version": version}).encode()
        return self.call("PUT", f"/v1/stores/{self.store}/version", body, {"Content-Type": "application/json"}, **how)

    def rts(self, method, parameters=None, key=None, **how):
        """A real-time call."""
        document = {"parameters": parameters or {}, **({"key": key} if key else {})}
        body = json.dumps(document, ensure_ascii=False).encode()
        return self.call("POST", f"/v1/calls/{method}", body, {"Content-Type": "application/json"}, **how)


def must(got, status, kind=None):
    assert got.status == status, f"{got} instead of {status}"
    if status >= 400:
        assert got.headers["Content-Type"] == "application/problem+json", got.headers
        assert got.body["status"] == status and got.body["title"] and got.body["detail"], got.body
        assert abs(got.body["time"] - time.time()) < 60, got.body
        for inner in (b"select", b"carryover.n1", b".c:", b"/tmp", b"psql", b"SQLSTATE"):
            assert inner not in got.raw, got
    if kind:
        assert got.body["type"] == kind, f"{got} instead of {kind}"
    return got


def opened(url, store, secret):
    client = Client(url, store, secret)
    must(client.open("AX 6.3.164"), 201)
    return client


# --- the checks ---

def calls(url, store, secret, other):
    client = Client(url, store, secret)
    got = must(client.send("GET", "/v1/ping"), 200)
    assert got.body.keys() == {"name", "version"} and got.headers["Carryover-Time"], got
    must(client.send("GET", "/v1/store"), 401, "unsigned")
    got = must(client.open("AX 6.3.164"), 201)
    assert got.body["store"] == store and got.body["expires_in"] == 3600 and len(client.key) == 32, got.body
    got = must(client.call("GET", "/v1/store"), 200)
    assert got.body["store"] == store and got.body["version"] == "AX 6.3.164", got.body
    assert got.body["schema"] == "N-1" and got.body["state"] == "active" and got.body["last_contact"], got.body
    assert "secret" not in got.body and "secret_hash" not in got.body, got.body
    got = must(client.call("GET", "/v1/store?x=%2e&y=1", headers={"Carryover-Client": "AX 6.3.165"}), 200)
    assert got.body["version"] == "AX 6.3.165", got.body
    must(client.put_version("AX 6.3.166"), 204)
    assert must(client.call("GET", f"/v1/stores/{store}"), 200).body["version"] == "AX 6.3.166"
    must(client.call("DELETE", "/v1/session"), 204)
    must(client.call("GET", "/v1/store"), 401, "session")


def signatures(url, store, secret, other):
    client = opened(url, store, secret)
    target = f"/v1/stores/{store}/version"
    good = client.sign("PUT", target, b'{"version":"1"}')
    json_type = {"Content-Type": "application/json"}
    must(client.send("PUT", target, b'{"version":"2"}', {**good, **json_type}), 401, "signature")
    must(client.send("PUT", target + "?x", b'{"version":"1"}', {**good, **json_type}), 401, "signature")
    must(client.send("GET", f"/v1/stores/{store}", b"", good), 401, "signature")
    for name in ("Carryover-Nonce", "Carryover-Timestamp"):
        changed = {**good, name: good[name][:-1] + ("1" if good[name][-1] != "1" else "2")}
        must(client.send("PUT", target, b'{"version":"1"}', {**changed, **json_type}), 401, "signature")
    must(client.send("PUT", target, b'{"version":"1"}', {**good, **json_type}), 204)
    key, client.key = client.key, secrets.token_bytes(32)
    must(client.call("GET", "/v1/store"), 401, "signature")
    client.key = key
    for name in good:
        for value in ("", "x" * 300, "a b", "\xff", "'; drop table x; --", "-1", "99999999999999999999"):
            headers = client.sign("GET", "/v1/store")
            headers[name] = value
            got = client.send("GET", "/v1/store", b"", headers)
            assert got.status in (400, 401), (name, value, got)
        headers = client.sign("GET", "/v1/store")
        del headers[name]
        must(client.send("GET", "/v1/store", b"", headers), 401, "unsigned")
    must(client.call("GET", "/v1/store"), 200)


def replays(url, store, secret, other_url):
    here = opened(url, store, secret)
    there = Client(other_url, store, secret)
    there.session, there.key = here.session, here.key
    must(there.call("GET", "/v1/store"), 200)
    headers = here.sign("GET", "/v1/store")
    must(here.send("GET", "/v1/store", b"", headers), 200)
    must(here.send("GET", "/v1/store", b"", headers), 409, "replay")
    nonce = text64(secrets.token_bytes(16))
    must(here.put_version("1", nonce=nonce), 204)
    must(here.put_version("1", nonce=nonce), 409, "replay")
    must(there.put_version("1", nonce=nonce), 409, "replay")
    must(there.put_version("2", nonce=nonce), 409, "replay")
    must(there.put_version("2"), 204)


def other_stores(url, store, secret, other):
    client = opened(url, store, secret)
    for target in (f"/v1/stores/{other}", "/v1/stores/NOBODY"):
        must(client.call("GET", target), 403, "forbidden")
    body = b'{"version":"mine"}'
    must(client.call("PUT", f"/v1/stores/{other}/version", body, {"Content-Type": "application/json"}), 403, "forbidden")
    must(client.call("GET", "/v1/admin/stores"), 401, "unsigned")
    must(client.send("GET", "/v1/admin/stores", b"", {"Authorization": f"Bearer {secret}"}), 401, "credentials")


def clocks(url, store, secret, other):
    client = opened(url, store, secret)
    for off in (-3600, -310, 310, 3600):
        got = must(client.call("GET", "/v1/store", at=int(time.time()) + off), 401, "clock")
        assert abs(int(got.headers["Carryover-Time"]) - time.time()) < 60
    must(client.call("GET", "/v1/store", at=int(time.time()) - 290), 200)
    client.offset = got.body["time"] - (time.time() + 3600) + 3600
    must(client.call("GET", "/v1/store"), 200)


PATHS = ["//v1/store", "/v1//store", "/v1/store/", "/v1/./store", "/v1/../v1/store", "/v1/%2e%2e/v1/store",
         "/v1/stores/%2e", "/v1/stores/a%2fb", "/v1/stores/a%5cb", "/v1/stores/a%00b", "/v1/stores/%ff", "/v1/stores/%",
         "/v1/stores/%4", "/v1/stores/%zz", "/v1/stores/a%0d%0aX:%20y", "/v1/stores/" + "/".join("abcdefghijklmnopqr"),
         "/" + "a" * 3000, "http://elsewhere/v1/store", "*", "v1/store"]


def paths(url, store, secret, other):
    client = opened(url, store, secret)
    for target in PATHS:
        got = client.call("GET", target)
        assert got.status in (400, 404), (target, got)
        assert got.body is None or got.body["type"] in ("request", "not-found"), (target, got)
    for target in ("/", "/v1", "/v1/stores", "/v2/store", "/v1/store/x", "/V1/store", "/etc/passwd"):
        must(client.call("GET", target), 404, "not-found")
    must(client.call("POST", "/v1/store"), 405, "method")
    must(client.send("DELETE", "/v1/ping"), 405, "method")
    assert client.send("OPTIONS", "/v1/ping").status == 405
    assert client.send("BREW", "/v1/ping").status >= 400


NASTY = ["'; drop table carryover.n1_store; --", "' or '1'='1", "\\'; select 1; --", "$1", "%s%n%x", "a'b\"c`d", "🏬 naïve"]


def sql(url, store, secret, other):
    json_type = {"Content-Type": "application/json"}
    client = opened(url, store, secret)
    for text in NASTY:
        must(client.put_version(text), 204)
        assert must(client.call("GET", "/v1/store"), 200).body["version"] == text
        quoted = urllib.parse.quote(text, safe="")
        must(client.call("GET", f"/v1/stores/{quoted}"), 403 if "\\" not in text else 400)
        for document in ({"store": text, "secret": secret}, {"store": store, "secret": text},
                         {"store": store, "secret": secret, "version": text + "\x00"}):
            got = client.send("POST", "/v1/sessions", json.dumps(document).encode(), json_type)
            assert got.status in (400, 401), (document, got)
        ascii_text = text.encode("ascii", "ignore").decode()
        headers = {**client.sign("GET", "/v1/store"), "Carryover-Session": ascii_text}
        must(client.send("GET", "/v1/store", b"", headers), 401)
        got = client.call("GET", "/v1/store", headers={"Carryover-Client": ascii_text})
        assert must(got, 200).body["version"] == ascii_text.strip()
        assert client.send("GET", "/v1/admin/stores", b"", {"Authorization": "Bearer " + ascii_text}).status == 401
    must(client.call("GET", "/v1/store"), 200)


def bodies(url, store, secret, other):
    json_type = {"Content-Type": "application/json"}
    client = opened(url, store, secret)
    wrong = [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"version":1}', b'{"version":""}', b'{"version":null}',
             b'{"version":"a","version":"b"}', b'{"version":"\\u0000"}', b'{"version":"\xff"}', b'{"version":"a"} x',
             b'{"version":"\\u0007"}', b"[" * 100000, json.dumps({"version": "x" * 61}).encode(), os.urandom(2000)]
    for body in wrong:
        must(client.call("PUT", f"/v1/stores/{store}/version", body, json_type), 400, "request")
    must(client.call("PUT", f"/v1/stores/{store}/version", b'{"version":"1"}'), 400, "request")
    for document in (b"", b"{", b"{}", b'{"store":1,"secret":2}', b'{"store":{},"secret":[]}'):
        must(client.send("POST", "/v1/sessions", document, json_type), 400, "request")
    for name, word in ((store, text64(secrets.token_bytes(32))), ("NOBODY", secret), (store, secret[:-1]),
                       (other, secret), (store, secret.swapcase())):
        must(Client(url, name, word).open(), 401, "credentials")
    must(client.call("GET", "/v1/store"), 200)


def raw(url):
    at = urllib.parse.urlsplit(url)
    return socket.create_connection((at.hostname, at.port), timeout=8)


def all_of(sock):
    got = b""
    try:
        while piece := sock.recv(65536):
            got += piece
    except ConnectionError:
        pass
    return got


def garbage(url, *_):
    """Whatever comes: an error or a closed connection, and the next client is served."""
    cases = [b"\x00" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET /v1/ping\r\n\r\n", b"GET /v1/ping HTTP/9.9\r\n\r\n",
             b"GET /v1/ping HTTP/1.1\r\nno colon\r\n\r\n", b"GET /v1/ping HTTP/1.1\r\n: x\r\n\r\n", b"\r\n\r\n\r\n",
             b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300), os.urandom(5000) + b"\r\n\r\n",
             b"POST /v1/sessions HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             b"POST /v1/sessions HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
             b"POST /v1/sessions HTTP/1.1\r\nContent-Length: x\r\n\r\n",
             b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
             b"POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
             b"GET /v1/ping HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"GET /v1/ping HTTP/1.1\r\nX: " + b"a" * 100000]
    for case in cases:
        with raw(url) as sock:
            try:
                sock.sendall(case)
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            got = all_of(sock)
            assert not got or got.split(b" ")[1][:1] in (b"4", b"5"), (case[:60], got[:200])
    smuggled = (b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"0\r\n\r\nGET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
    with raw(url) as sock:
        sock.sendall(smuggled)
        got = all_of(sock)
        assert b" 400 " in got and b"carryover" not in got.split(b"\r\n\r\n", 1)[1], got
    many = b"GET /v1/ping HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 100 + b"\r\n"
    with raw(url) as sock:
        sock.sendall(many)
        assert b" 400 " in all_of(sock)
    must(Client(url).send("GET", "/v1/ping"), 200)


def oversized(url, *_):
    with raw(url) as sock:
        sock.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
        got = all_of(sock)
    assert b" 413 " in got.split(b"\r\n")[0], got[:200]
    with raw(url) as sock:
        sock.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(200):
                sock.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        except OSError:
            pass
        got = all_of(sock)
    assert not got or b" 413 " in got.split(b"\r\n")[0], got[:200]
    must(Client(url).send("GET", "/v1/ping"), 200)


def closed_within(sock, piece, most_s):
    """Drips a byte now and then; how long until the server has enough of it."""
    began = time.time()
    sock.settimeout(0.2)
    while time.time() - began < most_s + 5:
        try:
            sock.sendall(piece)
            if not sock.recv(1000):
                break
        except socket.timeout:
            continue
        except OSError:
            break
    took = time.time() - began
    assert took < most_s, f"still open after {took:.1f} s"
    return took


def slow(url, *_):
    """The server of this check allows 2 s for a request and 3 s without one."""
    with raw(url) as sock:
        sock.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
        assert closed_within(sock, b"x", 5) > 1
    with raw(url) as sock:
        sock.sendall(b"GET /v1/ping HTTP/1.1\r\n")
        closed_within(sock, b"X: y\r\n", 5)
    with raw(url) as sock:
        closed_within(sock, b"", 6)
    with raw(url) as sock:
        for _ in range(3):
            sock.sendall(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
            assert sock.recv(4096).startswith(b"HTTP/1.1 200")
            time.sleep(1.5)
    must(Client(url).send("GET", "/v1/ping"), 200)


def many(url, *_):
    """The server of this check takes 8 connections at once; the others wait for their turn."""
    socks = [raw(url) for _ in range(24)]
    for sock in socks:
        sock.sendall(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for sock in socks:
        assert all_of(sock).startswith(b"HTTP/1.1 200")
        sock.close()


def flood(url, store, secret, *_):
    """The server of this check allows 5 requests a second of a store and 20 from an address."""
    client = opened(url, store, secret)
    got = [client.call("GET", "/v1/store") for _ in range(14)]
    refused = [x for x in got if x.status == 429]
    assert refused and int(refused[0].headers["Retry-After"]) >= 1, got
    must(refused[0], 429, "rate")
    assert any(x.status == 200 for x in got)
    time.sleep(int(refused[-1].headers["Retry-After"]))
    must(client.call("GET", "/v1/store"), 200)
    got = [Client(url).send("GET", "/v1/ping").status for _ in range(80)]
    assert 429 in got, got
    headers = {"X-Forwarded-For": "192.0.2.1, 203.0.113.7"}
    assert Client(url).send("GET", "/v1/ping", b"", headers).status == 200


def expires(url, store, secret, *_):
    """The server of this check lets sessions live for 2 s."""
    client = opened(url, store, secret)
    must(client.call("GET", "/v1/store"), 200)
    time.sleep(2.2)
    must(client.call("GET", "/v1/store"), 401, "session")
    must(client.open(), 201)
    must(client.call("GET", "/v1/store"), 200)


def session(url, store, secret):
    client = opened(url, store, secret)
    print(client.session, text64(client.key))


def status(url, store, name, key):
    """What a session that was opened before is told now."""
    client = Client(url, store)
    client.session, client.key = name, bytes64(key)
    got = client.call("GET", "/v1/store")
    print(got.status, got.body.get("type", "-"))


def open_status(url, store, secret):
    got = Client(url, store, secret).open()
    print(got.status, got.body.get("type", "-"))


def admin(url, token):
    got = must(Client(url).send("GET", "/v1/admin/stores", b"", {"Authorization": f"Bearer {token}"}), 200)
    assert all("secret_hash" not in store for store in got.body["stores"])
    print(" ".join(store["store"] for store in got.body["stores"]))


def tls(url, store, secret, other):
    calls(url, store, secret, other)
    at = urllib.parse.urlsplit(url)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(os.environ["N1_CA"])
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        old.wrap_socket(raw(url), server_hostname=at.hostname)
        raise AssertionError("TLS 1.1 was taken")
    except (ssl.SSLError, ConnectionError):
        pass
    with raw(url) as sock:
        sock.sendall(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not all_of(sock).startswith(b"HTTP"), "plain HTTP was answered on the port for TLS"
    with raw(url) as sock:
        sock.sendall(os.urandom(500))
        all_of(sock)
    must(Client(url).send("GET", "/v1/ping"), 200)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
