"""What tests/e2e/n1_defects.sh asks the gateway; written from docs/n1/protocol.md.

    n1_defects.py CHECK URL STORE SECRET [ARGUMENT...]
"""
import base64
import collections
import os
import re
import sys
import time

from n1_calls import JSON, bad, good, key
from n1_client import Client, must, opened
from n1_store import Store, fetch, next_of, tell, unpack


def routes():
    """Method and path of everything in openapi.yaml that wants to know who asks."""
    path = None
    for line in open(os.path.join(os.path.dirname(__file__), "../../docs/n1/openapi.yaml")):
        at = re.match(r"  (/v1/\S*):$", line)
        method = re.match(r"    (get|put|post|delete):$", line)
        path = at[1] if at else path
        if method and path != "/v1/ping" and (method[1], path) != ("post", "/v1/sessions"):
            yield method[1].upper(), re.sub(r"\{\w+\}", "1", path)


def authentication(url, store, secret):
    """Whatever else a client may try to sign in with, there is one way only, on every path."""
    client, n = Client(url, store, secret), 0
    basic = base64.b64encode(f"{store}:{secret}".encode()).decode()
    for method, path in routes():
        for word in (f"Basic {basic}", "Negotiate YIIFoQ==", "NTLM TlRMTVNTUAAB", f"Bearer {secret}", "Digest username=x"):
            got = client.send(method, path, b"{}" if method in ("PUT", "POST") else b"", {**JSON, "Authorization": word})
            must(got, 401)
            assert got.body["type"] in ("unsigned", "credentials") and "WWW-Authenticate" not in got.headers, got
            n += 1
    assert n >= 12 * 5, n
    must(opened(url, store, secret).call("GET", "/v1/store"), 200)


def session(url, store, secret):
    assert must(opened(url, store, secret).call("GET", "/v1/store"), 200).body["store"] == store


def make_customer(url, store, secret, name):
    """Prints the account; a repeat makes no second one."""
    client, k = opened(url, store, secret), key()
    first = client.rts("NewCustomer", {"name": name, "customerGroup": "30"}, k)
    account, _, record, party = good(first)
    assert client.rts("NewCustomer", {"name": name, "customerGroup": "30"}, k).raw == first.raw
    print(account, record, party)


def change_customer(url, store, secret, account, name):
    client = opened(url, store, secret)
    assert good(client.rts("UpdateCustomer", {"accountNumber": account, "name": name, "vatNumber": "ATU12345678"})) == [account]
    bad(client.rts("UpdateCustomer", {"accountNumber": "NOBODY", "name": name}), "CustomerUnknown")


def returned(url, store, secret, receipt, sold_in, quantity):
    """A customer brings `quantity` of the first line of a receipt back, in whichever store."""
    client = opened(url, store, secret)
    sale = good(client.rts("GetTransaction", {"receiptId": receipt}))
    channel, shop, terminal, transaction = sale[:4]
    assert (shop, sale[4]) == (sold_in, receipt), sale
    assert good(client.rts("GetTransactionByTransactionId",
                           {"transactionId": transaction, "storeId": shop, "terminalId": terminal})) == sale
    line = sale[12][0]
    xml = (f'<ItemReturns><ItemReturn ChannelId="{channel}" StoreId="{shop}" TerminalId="{terminal}" '
           f'TransactionId="{transaction}" LineId="{line[0]}" Quantity="{quantity}"/></ItemReturns>')
    assert good(client.rts("MarkItemsReturned", {"itemReturns": xml}, key())) == [1]
    bad(client.rts("MarkItemsReturned", {"itemReturns": xml.replace(f'"{quantity}"', f'"{line[3]}"')}, key()), "ReturnTooMuch")


def of_another_company(url, store, secret, receipt, sold_in):
    """It may have a receipt of that number itself, but never gets the one of the other store."""
    client = opened(url, store, secret)
    got = must(client.rts("GetTransaction", {"receiptId": receipt}), 200).body
    assert got["payload"][1] != sold_in if got["success"] else got["message"].startswith("TransactionUnknown: "), got
    bad(client.rts("GetTransaction", {"receiptId": receipt, "storeId": sold_in}), "TransactionUnknown")


def order(url, store, secret, sales_id):
    found = good(opened(url, store, secret).rts("SearchOrders", {"salesId": sales_id, "topRows": 5}))
    assert [x[0] for x in found] == [sales_id], found


def packages(url, store, secret, path):
    """Every package for a store: no table stands in one of them twice, no key in a table. Prints job, table, rows."""
    client, db = opened(url, store, secret), Store(path)
    while (got := next_of(client, db))["package"] or got["preparing"]:
        if not got["package"]:
            time.sleep(0.1)
            continue
        package = got["package"]
        manifest, tables = unpack(fetch(client, package))
        names = collections.Counter(table["table"].lower() for table, _, _ in tables)
        assert max(names.values()) == 1, names
        for table, rows, keys in tables:
            at = [[c["name"] for c in table["columns"]].index(k) for k in table["key"]]
            seen = collections.Counter(tuple(row[i] for i in at) for row in rows)
            seen.update(tuple(k) for k in keys)
            assert not seen or max(seen.values()) == 1, (table["table"], seen.most_common(1))
            print(package["job"], table["table"].lower(), len(rows))
        db.apply(manifest, tables)
        must(tell(client, package, state="applied"), 204)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
