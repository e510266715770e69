"""Real-time calls, as a till of version N-1 makes them: the checks of tests/e2e/n1_calls.sh. Written from docs/n1/protocol.md
and docs/n1/calls.md.

    n1_calls.py CHECK URL STORE SECRET [ARGUMENT...]
"""
import concurrent.futures
import decimal
import json
import os
import pathlib
import random
import re
import secrets
import statistics
import sys
import threading
import time

from n1_client import Client, must, opened

BASE = 5637144576
# Store 000001 is of company usmf, store 000002 of usrt; each has three terminals.
TILL = {"channelId": BASE + 1000, "terminalId": "000001"}
NEXT = {"channelId": BASE + 1000, "terminalId": "000002"}
THERE = {"channelId": BASE + 1001, "terminalId": "000004"}
SALE = {"staffId": "000160", "transactionId": "T1", "receiptId": "R1"}
USD = {"currencyCode": "USD"}
JSON = {"Content-Type": "application/json"}


def key():
    return secrets.token_hex(12)


def good(got):
    must(got, 200)
    assert set(got.body) == {"success", "message", "payload"}, got
    assert got.body["success"] is True and got.body["message"] == "", got
    return got.body["payload"]


def bad(got, code):
    must(got, 200)
    assert got.body["success"] is False and got.body["payload"] == [], got
    assert got.body["message"].startswith(code + ": "), f"{got} instead of {code}"
    return got


def card(client, name, amount="100.00", till=TILL):
    good(client.rts("IssueGiftCard", {"giftCardId": name, "amount": amount, **USD, **till, **SALE}, key()))
    good(client.rts("UnlockGiftCard", {"giftCardId": name, **till}))
    return name


def lock(client, name, till=TILL):
    return client.rts("LockGiftCard", {"giftCardId": name, **till})


def pay(client, name, amount, till=TILL, with_key=None, **other):
    parameters = {"giftCardId": name, "amount": amount, **USD, **till, **SALE, **other}
    return client.rts("PayGiftCard", parameters, with_key or key())


def giftcard(url, store, secret, name, *_):
    card(opened(url, store, secret), name)


def balance(client, name):
    return decimal.Decimal(good(client.rts("GetGiftCardBalance", {"giftCardId": name}))[1])


# --- gift cards ---


def giftcards(url, store, secret, *_):
    c = opened(url, store, secret)
    got = good(c.rts("IssueGiftCard", {"giftCardId": "N1-1", "amount": "50.05", **USD, **TILL, **SALE}, key()))
    assert got == ["USD", "50.050000"], got
    bad(c.rts("IssueGiftCard", {"giftCardId": "N1-1", "amount": "1", **USD, **TILL, **SALE}, key()), "GiftCardExists")
    bad(lock(c, "N1-1", NEXT), "GiftCardLocked")
    bad(pay(c, "N1-1", "1", NEXT), "GiftCardLocked")
    bad(c.rts("UnlockGiftCard", {"giftCardId": "N1-1", **NEXT}), "GiftCardLocked")
    bad(c.rts("AddToGiftCard", {"giftCardId": "N1-1", "amount": "1", **USD, **NEXT, **SALE}, key()), "GiftCardLocked")
    bad(c.rts("VoidGiftCard", {"giftCardId": "N1-1", **NEXT}, key()), "GiftCardLocked")
    bad(c.rts("VoidGiftCardPayment", {"giftCardId": "N1-1", **NEXT, "transactionId": "T1"}, key()), "GiftCardLocked")
    assert balance(c, "N1-1") == decimal.Decimal("50.05")
    good(c.rts("GiftCardRelease", {"giftCardId": "N1-1", **TILL}))
    bad(pay(c, "N1-1", "1"), "GiftCardNotLocked")
    assert good(lock(c, "N1-1", NEXT)) == ["USD", "50.050000"]
    assert good(lock(c, "N1-1", NEXT)) == ["USD", "50.050000"]
    bad(pay(c, "N1-1", "50.06", NEXT), "GiftCardBalance")
    bad(pay(c, "N1-1", "1", NEXT, currencyCode="EUR"), "GiftCardCurrency")
    assert good(pay(c, "N1-1", "50.05", NEXT, transactionId="T9")) == ["USD", "0.000000"]
    good(lock(c, "N1-1"))
    bad(c.rts("VoidGiftCardPayment", {"giftCardId": "N1-1", **NEXT, "transactionId": "T9"}, key()), "GiftCardLocked")
    good(c.rts("UnlockGiftCard", {"giftCardId": "N1-1", **TILL}))
    for _ in range(2):
        good(c.rts("VoidGiftCardPayment", {"giftCardId": "N1-1", **NEXT, "transactionId": "T9"}, key()))
        assert balance(c, "N1-1") == decimal.Decimal("50.05")
    good(c.rts("AddToGiftCard", {"giftCardId": "N1-1", "amount": "0.000001", **USD, **TILL, **SALE}, key()))
    assert balance(c, "N1-1") == decimal.Decimal("50.050001")
    for amount in ("0", "-1", "0.0000001", "1000000000000000"):
        bad(c.rts("AddToGiftCard", {"giftCardId": "N1-1", "amount": amount, **USD, **TILL, **SALE}, key()), "InvalidAmount")
    good(c.rts("VoidGiftCard", {"giftCardId": "N1-1", **TILL}, key()))
    assert balance(c, "N1-1") == 0
    bad(lock(c, "NO-SUCH"), "GiftCardUnknown")
    bad(c.rts("GetGiftCardBalance", {"giftCardId": "NO-SUCH"}), "GiftCardUnknown")
    bad(lock(c, "N1-1", {**TILL, "terminalId": "000004"}), "InvalidTerminal")
    bad(lock(c, "N1-1", THERE), "InvalidChannel")


def other_store(url, store, secret, card_of_first):
    """Store 000002: it has neither the cards of the other company nor its tills."""
    c = opened(url, store, secret)
    bad(lock(c, card_of_first, THERE), "GiftCardUnknown")
    bad(lock(c, card_of_first, TILL), "InvalidChannel")
    bad(c.rts("GetCreditMemo", {"creditMemoId": "CV00000000"}), "CreditMemoUnknown")
    bad(c.rts("StaffLogOn", {"staffId": "000160", "terminalId": "000004", "password": "new password 1"}), "AuthorizationFailed")
    bad(c.rts("StaffResetPassword", {"staffId": "000160", "newPassword": "not by this store"}), "ResetPasswordFailed")


def at_once(url, store, secret, other_url):
    """Nine tills of two instances fight for one card of 100.00; what they took is what is missing."""
    c = opened(url, store, secret)
    name = card(c, "N1-RACE")
    taken, refused = [], []

    def till(n):
        mine = {**TILL, "terminalId": f"00000{n % 3 + 1}"}
        me = opened(url if n % 2 else other_url, store, secret)
        for i in range(12):
            locked = lock(me, name, mine)
            if not locked.body.get("success"):
                refused.append(locked.body["message"].split(":")[0])
            got = pay(me, name, "1.37", mine, transactionId=f"T{n}-{i}")
            if got.body.get("success"):
                taken.append(decimal.Decimal("1.37"))
            else:
                refused.append(got.body["message"].split(":")[0])

    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        list(pool.map(till, range(9)))
    assert sum(taken) + balance(c, name) == decimal.Decimal("100.00"), (sum(taken), balance(c, name))
    assert balance(c, name) >= 0 and len(taken) > 5, taken
    assert set(refused) <= {"GiftCardLocked", "GiftCardNotLocked", "GiftCardBalance"}, set(refused)
    assert "GiftCardLocked" in refused, refused
    for n in range(8):
        last_money(c, (url, other_url), card(c, f"N1-RACE-{n}", "10.00"))


def last_money(c, urls, name):
    """Eight payments of all that is on a card, in one instant, through two instances: one of them gets it."""
    tills, start, paid = [Client(urls[n % 2]) for n in range(8)], threading.Barrier(8), []
    for till in tills:
        till.session, till.key = c.session, c.key
    good(lock(c, name))

    def all_of_it(me):
        start.wait()
        paid.append(pay(me, name, "10.00").body["success"])

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(all_of_it, tills))
    assert paid.count(True) == 1 and balance(c, name) == 0, paid


# --- keys ---


def keys(url, store, secret, other_url):
    here, there = opened(url, store, secret), opened(other_url, store, secret)
    name = card(here, "N1-KEYS")
    must(here.rts("PayGiftCard", {"giftCardId": name, "amount": "1", **USD, **TILL, **SALE}), 422, "call-key")
    good(lock(here, name))
    k = key()
    first = pay(here, name, "10.00", with_key=k)
    good(first)
    for c in (here, there, here):
        again = pay(c, name, "10.00", with_key=k)
        assert again.raw == first.raw and again.status == first.status, (first, again)
    assert balance(here, name) == 90
    must(pay(there, name, "10.01", with_key=k), 409, "call-differs")
    must(there.rts("AddToGiftCard", {"giftCardId": name, "amount": "10.00", **USD, **TILL, **SALE}, k), 409, "call-differs")
    k = key()
    refused = bad(pay(here, name, "1000", with_key=k), "GiftCardNotLocked")
    good(lock(here, name))
    assert pay(there, name, "1000", with_key=k).raw == refused.raw
    for wrong in ("short", "x" * 65, "with blank", "ü" * 10, 7, ["a"], ""):
        body = json.dumps({"key": wrong, "parameters": {}}).encode()
        must(here.call("POST", "/v1/calls/PayGiftCard", body, JSON), 400, "request")
    k, answers, start = key(), [], threading.Barrier(8)

    def same(n):
        me = opened(url if n % 2 else other_url, store, secret)
        start.wait()
        answers.append(pay(me, name, "5.00", with_key=k))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(same, range(8)))
    assert len({x.raw for x in answers}) == 1, answers
    good(answers[0])
    assert balance(here, name) == 85
    k = key()
    one = good(here.rts("NewCustomer", {"name": "Once", "customerGroup": "30"}, k))
    assert good(there.rts("NewCustomer", {"name": "Once", "customerGroup": "30"}, k)) == one
    assert len(good(here.rts("SearchCustomers", {"keyword": "Once", "topRows": 10}))) == 1


def journal(url_file, store, secret, path, seconds):
    """A till that pays cents and writes down what it does, while somebody kills its gateway. Prints what it has got."""
    def url():
        return pathlib.Path(url_file).read_text().strip()

    def surely(fn):
        """Again and again with the same key until there is an answer."""
        while True:
            try:
                c = opened(url(), store, secret)
                got = fn(c)
                if got.status == 200:
                    return got
                assert got.status in (500, 503), got
            except (OSError, AssertionError, ValueError) as e:
                if isinstance(e, AssertionError) and "connect" not in str(e) and "503" not in str(e) and "500" not in str(e):
                    raise
            repeats.append(1)
            time.sleep(0.02)

    repeats, paid, end = [], decimal.Decimal(0), time.time() + float(seconds)
    surely(lambda c: c.rts("IssueGiftCard", {"giftCardId": "N1-KILL", "amount": "1000", **USD, **TILL, **SALE}, "issue-once-" + store))
    surely(lambda c: c.rts("UnlockGiftCard", {"giftCardId": "N1-KILL", **TILL}))
    with open(path, "w") as book:
        while time.time() < end:
            k = key()
            print(k, "0.01", file=book, flush=True)
            surely(lambda c: lock(c, "N1-KILL"))
            first = surely(lambda c: pay(c, "N1-KILL", "0.01", with_key=k, transactionId=k))
            # The lock may be gone when the kill came between lock and answer: then the key has a refusal for ever.
            paid += decimal.Decimal("0.01") if first.body["success"] else 0
            print(k, first.body["success"], file=book, flush=True)
            assert surely(lambda c: pay(c, "N1-KILL", "0.01", with_key=k, transactionId=k)).raw == first.raw
    rest = surely(lambda c: c.rts("GetGiftCardBalance", {"giftCardId": "N1-KILL"})).body["payload"][1]
    assert decimal.Decimal(rest) + paid == 1000, (rest, paid)
    print(paid, len(repeats))


# --- the other methods ---


def creditmemos(url, store, secret, *_):
    c = opened(url, store, secret)
    here, next_ = {"storeId": store, "terminalId": "000001"}, {"storeId": store, "terminalId": "000002"}
    k = key()
    memo, = good(c.rts("IssueCreditMemo", {**here, **SALE, **USD, "amount": "12.34"}, k))
    assert good(c.rts("IssueCreditMemo", {**here, **SALE, **USD, "amount": "12.34"}, k)) == [memo]
    assert good(c.rts("GetCreditMemo", {"creditMemoId": memo})) == ["USD", "12.340000"]
    p = {"creditMemoId": memo, **SALE, **USD, "amount": "12.34"}
    bad(c.rts("PayCreditMemo", {**p, **here}, key()), "CreditMemoNotLocked")
    good(c.rts("LockCreditMemo", {"creditMemoId": memo, **here}))
    bad(c.rts("LockCreditMemo", {"creditMemoId": memo, **next_}), "CreditMemoLocked")
    bad(c.rts("UnlockCreditMemo", {"creditMemoId": memo, **next_}), "CreditMemoLocked")
    bad(c.rts("PayCreditMemo", {**p, **next_}, key()), "CreditMemoLocked")
    good(c.rts("UnlockCreditMemo", {"creditMemoId": memo, **here}))
    good(c.rts("LockCreditMemo", {"creditMemoId": memo, **next_}))
    bad(c.rts("PayCreditMemo", {**p, **next_, "amount": "12.33"}, key()), "CreditMemoAmount")
    k = key()
    for _ in range(2):
        good(c.rts("PayCreditMemo", {**p, **next_}, k))
    bad(c.rts("PayCreditMemo", {**p, **next_}, key()), "CreditMemoPaid")
    bad(c.rts("GetCreditMemo", {"creditMemoId": memo}), "CreditMemoUnknown")
    bad(c.rts("LockCreditMemo", {"creditMemoId": memo, "storeId": "000002", "terminalId": "000004"}), "InvalidChannel")


def loyalty(url, store, secret, *_):
    c = opened(url, store, secret)
    me = {"loyaltyCardNumber": "N1-LOYAL"}
    assert good(c.rts("IssueLoyaltyCard", {**me, "cardTenderType": 0})) == ["N1-LOYAL"]
    bad(c.rts("IssueLoyaltyCard", {**me, "cardTenderType": 0}), "LoyaltyCardExists")
    post = {**me, "rewardPointId": "POINTS", **TILL, **SALE}
    assert good(c.rts("PostLoyaltyCardRewardPointTrans", {**post, "entryType": 1, "points": "100"}, key())) == ["100.000000"]
    k = key()
    for _ in range(3):
        assert good(c.rts("PostLoyaltyCardRewardPointTrans", {**post, "entryType": 2, "points": "60"}, k)) == ["40.000000"]
    bad(c.rts("PostLoyaltyCardRewardPointTrans", {**post, "entryType": 2, "points": "41"}, key()), "LoyaltyPoints")
    bad(c.rts("PostLoyaltyCardRewardPointTrans", {**post, "entryType": 9, "points": "1"}, key()), "LoyaltyPointUnknown")
    got = good(c.rts("GetLoyaltyCardRewardPointsStatus", me))
    assert got[0] == ["POINTS", 0, True, "100.000000", "60.000000", "40.000000"], got
    got = good(c.rts("GetLoyaltyCardTransactions", {**me, "topRows": 1}))
    assert len(got) == 1 and got[0][1] == "-60.000000", got
    bad(c.rts("PostLoyaltyCardRewardPointTrans", {**post, "loyaltyCardNumber": "X", "entryType": 1, "points": "1"}, key()),
        "LoyaltyCardUnknown")
    points = []

    def redeem(n):
        mine = opened(url, store, secret)
        got = mine.rts("PostLoyaltyCardRewardPointTrans", {**post, "entryType": 2, "points": "15"}, key())
        points.append(got.body["success"])

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(redeem, range(6)))
    assert points.count(True) == 2, points


def customers(url, store, secret, *_):
    c = opened(url, store, secret)
    account, _, record, party = good(c.rts("NewCustomer", {"name": "Zoë O'Neill", "customerGroup": "30"}, key()))
    assert isinstance(record, int) and record > 2 ** 52 and isinstance(party, int)
    found = good(c.rts("SearchCustomers", {"keyword": "o'neill", "topRows": 5}))
    assert [x[:4] for x in found] == [[account, "Zoë O'Neill", "30", "USD"]], found
    good(c.rts("UpdateCustomer", {"accountNumber": account, "name": "Zoë Ray"}))
    found = good(c.rts("SearchCustomers", {"keyword": account, "topRows": 5}))
    assert [x[:3] for x in found] == [[account, "Zoë Ray", "30"]], found
    bad(c.rts("UpdateCustomer", {"accountNumber": "NOBODY", "name": "x"}), "CustomerUnknown")
    bad(c.rts("NewCustomer", {"name": " ", "customerGroup": "30"}, key()), "CustomerInvalid")
    assert good(c.rts("GetCustomerBalance", {"accountNumber": account})) == ["0.000000", "0.000000", "USD"]
    bad(c.rts("GetCustomerBalance", {"accountNumber": "NOBODY"}), "CustomerUnknown")
    good(c.rts("GetCustomerBalance", {"accountNumber": "C0000001"}))


def lookups(url, store, secret, item, receipt, line):
    """`item` is in stock, `receipt` is a sale of this store, `line` describes one of its lines: "NUMBER QUANTITY"."""
    c = opened(url, store, secret)
    assert good(c.rts("IsAlive")) == []
    stock = good(c.rts("InventoryLookup", {"itemId": item}))
    assert stock and all(x[0] == item for x in stock), stock
    assert good(c.rts("InventoryLookup", {"itemId": "NO-SUCH"})) == []
    orders = good(c.rts("SearchOrders", {"topRows": 3}))
    assert len(orders) == 3, orders
    one = good(c.rts("SearchOrders", {"salesId": orders[0][0], "topRows": 3}))
    assert one == [orders[0]], one
    assert good(c.rts("SearchOrders", {"startDate": "2999-01-01", "topRows": 3})) == []
    seeds = good(c.rts("GetNumberSequeneceSeedData", {"terminalId": "000001"}))
    assert [x[0] for x in seeds] == [1, 2, 3] and all(isinstance(x[1], int) for x in seeds), seeds
    assert seeds == good(c.rts("GetNumberSequenceSeedData", {"terminalId": "000001"}))
    bad(c.rts("GetTransaction", {"receiptId": "NO-SUCH"}), "TransactionUnknown")
    sale = good(c.rts("GetTransaction", {"receiptId": receipt}))
    channel, shop, terminal, transaction = sale[:4]
    assert good(c.rts("GetTransactionByTransactionId",
                      {"transactionId": transaction, "storeId": shop, "terminalId": terminal})) == sale
    number, sold = line.split()
    lines = {decimal.Decimal(x[0]): x for x in sale[12]}
    assert decimal.Decimal(lines[decimal.Decimal(number)][3]) == decimal.Decimal(sold), sale
    assert decimal.Decimal(lines[decimal.Decimal(number)][9]) == 0, sale

    def back(quantity, with_key=None, line_number=number, tag="ItemReturn"):
        xml = (f'<ItemReturns><{tag} ChannelId="{channel}" StoreId="{shop}" TerminalId="{terminal}" '
               f'TransactionId="{transaction}" LineId="{line_number}" Quantity="{quantity}"/></ItemReturns>')
        return c.rts("MarkItemsReturned", {"itemReturns": xml}, with_key or key())

    k = key()
    for _ in range(2):
        assert good(back("0.4", k)) == [1]
    got = {decimal.Decimal(x[0]): x[9] for x in good(c.rts("GetTransaction", {"receiptId": receipt}))[12]}
    assert got[decimal.Decimal(number)] == "0.400000", got
    bad(back(sold), "ReturnTooMuch")
    bad(back("1", line_number="99"), "TransactionUnknown")
    for wrong in ("0", "-1", "x", "1e3"):
        bad(back(wrong), "InvalidItems")
    for xml in ("", "<", "<ItemReturns/>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><ItemReturns>&b;</ItemReturns>"):
        bad(c.rts("MarkItemsReturned", {"itemReturns": xml}, key()), "InvalidItems")
    rest = decimal.Decimal(sold) - decimal.Decimal("0.4")
    done = []
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def one_of_four(_):
            me = opened(url, store, secret)
            xml = (f'<ItemReturns><ItemReturn ChannelId="{channel}" StoreId="{shop}" TerminalId="{terminal}" '
                   f'TransactionId="{transaction}" LineId="{number}" Quantity="{rest}"/></ItemReturns>')
            done.append(me.rts("MarkItemsReturned", {"itemReturns": xml}, key()).body["success"])
        list(pool.map(one_of_four, range(4)))
    assert done.count(True) == 1, done


def devices(url, store, secret, *_):
    c = opened(url, store, secret)
    me = {"deviceNumber": "DEV-000003"}
    activate = {**me, "terminalId": "000003", "staffId": "000160"}
    bad(c.rts("ActivateDevice", {**activate, "staffId": "000161"}), "AuthorizationFailed")
    bad(c.rts("ActivateDevice", {**activate, "terminalId": "000001"}), "InvalidTerminal")
    bad(c.rts("ActivateDevice", {**activate, "deviceNumber": "DEV-000004"}), "InvalidDevice")
    token, shop, channel, terminal = good(c.rts("ActivateDevice", activate))
    assert (shop, channel, terminal) == (store, TILL["channelId"], "000003") and len(token) == 64
    bad(c.rts("ActivateDevice", activate), "DeviceActive")
    assert good(c.rts("AuthenticateDevice", {**me, "deviceToken": token})) == ["DEV-000003", "000003"]
    bad(c.rts("AuthenticateDevice", {**me, "deviceToken": token[:-1] + "g"}), "InvalidDeviceToken")
    bad(c.rts("DeactivateDevice", {**me, "staffId": "000160", "deviceToken": "x"}), "InvalidDeviceToken")
    good(c.rts("DeactivateDevice", {**me, "staffId": "000160", "deviceToken": token}))
    bad(c.rts("AuthenticateDevice", {**me, "deviceToken": token}), "InvalidDeviceToken")
    print(token)


def missed(url, store, secret, *_):
    c = opened(url, store, secret)
    bad(c.rts("SaveCustomerOrder"), "NotSupported")
    for _ in range(3):
        bad(c.rts("MyOwnExtension", {"x": 1}), "MethodUnknown")
    must(c.call("POST", "/v1/calls/no.name", b"{}", JSON), 400, "request")
    must(c.call("GET", "/v1/calls/IsAlive"), 405, "method")
    must(Client(url).send("POST", "/v1/calls/IsAlive", b"{}", JSON), 401, "unsigned")


# --- parameters ---


def book():
    """Methods and their parameters, from docs/n1/calls.md."""
    text = (pathlib.Path(os.environ["ROOT"]) / "docs/n1/calls.md").read_text()
    for part in text.split("\n### ")[1:]:
        rows = re.findall(r"^\| `(\w+)` \| (bool|date|int|int64|str|guid|real)(?: (\d+))? \| (optional)? ?\|$", part, re.M)
        yield part.split("\n")[0], [(n, t, int(m or 0), o == "optional") for n, t, m, o in rows]


NASTY = ["'; drop table hq.retailgiftcardtable; --", "' or '1'='1", "\\'; select 1; --", "$1", ":store", "%s%n", "a'b\"c`d",
         "');--", "1;1", "{}", "null", "𝕏☃ naïve", "--", "/*", "E'\\x27'"]
FINE = {"bool": True, "date": "2026-02-28", "int": 1, "int64": 1, "real": "1.5", "guid": "00000000-0000-0000-0000-000000000000"}
WRONG = {"bool": [1, "true", 0, []], "date": ["2026-02-30", "x", "2026-2-3", 20260101, "2026-01-01T00:00:00", "0000-01-01", "2026-13-01"],
         "int": ["1", 1.5, 2 ** 31, -2 ** 31 - 1, True, [1]], "int64": ["x", 1.5, 2 ** 63, "1 ", True, {}],
         "real": [1.5, 1, "1e5", "NaN", "Infinity", " 1", "1,5", "1.", ".5", "--1", "0x1", "1" * 27, "0." + "1" * 17, "'1'"],
         "guid": ["x", "0" * 36, 7], "str": [1, True, [], {}, "a\u0007b", "a\u0000b"]}


def parameters(url, store, secret, *_):
    c = opened(url, store, secret)
    methods = 0
    for method, declared in book():
        if method.startswith("Staff"):
            continue  # those have a test of their own: they count attempts
        methods += 1
        fine = {n: FINE.get(t, "1") for n, t, _, _ in declared}
        for name, kind, most, optional in declared:
            for value in WRONG[kind] + ["x" * (most + 1)] * (kind == "str"):
                got = c.rts(method, {**fine, name: value}, key())
                assert got.status in (400, 422), (method, name, value, got)
                must(got, got.status, "request" if got.status == 400 else "call-parameters")
                if got.status == 422:
                    assert f'"{name}"' in got.body["detail"], got
            without = {k: v for k, v in fine.items() if k != name}
            if not optional:
                must(c.rts(method, without, key()), 422, "call-parameters")
                must(c.rts(method, {**fine, name: None}, key()), 422, "call-parameters")
            if kind != "str":
                continue
            for text in NASTY:
                got = c.rts(method, {**fine, name: text[:most]}, key())
                assert got.status == 200, (method, name, text, got)
        got = must(c.rts(method, {**fine, "other": "secret value"}, key()), 422, "call-parameters")
        assert "secret value" not in got.raw.decode() and "other" not in got.body["detail"], got
    assert methods > 28, methods
    for body in (b"", b"[]", b"{", b"null", b'{"parameters": []}', b'{"parameters": 1}', b'{"other": 1}', b'{"key": 1}',
                 b'{"parameters": {"a": 1, "a": 2}}', b"\xff", b"[" * 5000):
        must(c.call("POST", "/v1/calls/IsAlive", body, JSON), 400, "request")
    must(c.call("POST", "/v1/calls/IsAlive", b"{}"), 400, "request")
    good(c.call("POST", "/v1/calls/IsAlive", b"{}", JSON))


# --- passwords ---


def sign_in(c, staff, password, terminal="000001"):
    return c.rts("StaffLogOn", {"staffId": staff, "terminalId": terminal, "password": password})


def change(c, staff, old, new):
    return c.rts("StaffChangePassword", {"staffId": staff, "oldPassword": old, "newPassword": new})


def first_sign_in(url, store, secret, *_):
    """Worker 000160 still has the password of N-1."""
    c = opened(url, store, secret)
    bad(sign_in(c, "000160", "pos000161"), "AuthenticationFailed")
    bad(sign_in(c, "000160", "pos000160"), "ChangePasswordRequired")
    bad(change(c, "000160", "wrong", "new password 1"), "AuthenticationFailed")
    for rejected in ("short", "", "pos000160", "000160"):
        bad(change(c, "000160", "pos000160", rejected), "PasswordRejected")
    good(change(c, "000160", "pos000160", "new password 1"))
    bad(sign_in(c, "000160", "pos000160"), "AuthenticationFailed")
    got = good(sign_in(c, "000160", "new password 1"))
    assert got[0] == "000160" and got[4] is True, got
    bad(change(c, "000160", "pos000160", "new password 2"), "AuthenticationFailed")
    bad(change(c, "000160", "new password 1", "new password 1"), "PasswordRejected")
    good(change(c, "000160", "new password 1", "Ünïcode pässword ☃"))
    good(sign_in(c, "000160", "Ünïcode pässword ☃"))
    good(change(c, "000160", "Ünïcode pässword ☃", "new password 1"))
    for text in NASTY:
        bad(sign_in(c, text[:25], text), "AuthenticationFailed")
        bad(change(c, text[:25], text, "new password 1"), "AuthenticationFailed")
    good(c.rts("StaffLogOff", {"staffId": "000160", "terminalId": "000001"}))


def till_reset(url, store, secret, *_):
    """The manager of the store has a password of version N; 000163 gets a temporary one, at the till."""
    c = opened(url, store, secret)
    good(c.rts("StaffLogOff", {"staffId": "000160", "terminalId": "000001"}))
    reset = {"staffId": "000163", "newPassword": "for the moment"}
    bad(c.rts("StaffResetPassword", reset), "AuthorizationFailed")
    good(sign_in(c, "000160", "new password 1"))
    bad(c.rts("StaffResetPassword", {**reset, "newPassword": "short"}), "PasswordRejected")
    bad(c.rts("StaffResetPassword", {**reset, "staffId": "000166"}), "ResetPasswordFailed")
    bad(c.rts("StaffResetPassword", {**reset, "staffId": "nobody"}), "ResetPasswordFailed")
    good(c.rts("UpdateStaffPassword", reset))
    bad(sign_in(c, "000163", "pos000163"), "AuthenticationFailed")
    bad(sign_in(c, "000163", "for the moment"), "ChangePasswordRequired")
    good(change(c, "000163", "for the moment", "mine for long"))
    good(sign_in(c, "000163", "mine for long", "000002"))
    bad(sign_in(c, "000163", "mine for long", "000003"), "UserLogOnAnotherTerminal")
    good(c.rts("StaffLogOff", {"staffId": "000163", "terminalId": "000002"}))
    good(sign_in(c, "000163", "mine for long", "000003"))
    good(c.rts("StaffLogOff", {"staffId": "000163", "terminalId": "000003"}))


def lock_out(url, store, secret, *_):
    """The gateway of this check locks after 3 failures, for 3 seconds."""
    c = opened(url, store, secret)
    for staff, right in (("000162", "pos000162"), ("nobody here", "x"), ("000160", "new password 1")):
        for _ in range(3):
            bad(sign_in(c, staff, "wrong"), "AuthenticationFailed")
        bad(sign_in(c, staff, right), "AccountLocked")
        bad(change(c, staff, right, "new password 9"), "AccountLocked")
    time.sleep(3.3)
    bad(sign_in(c, "000162", "pos000162"), "ChangePasswordRequired")
    good(sign_in(c, "000160", "new password 1"))
    for _ in range(2):
        bad(sign_in(c, "000162", "wrong"), "AuthenticationFailed")
    bad(sign_in(c, "000162", "pos000162"), "ChangePasswordRequired")
    for _ in range(2):
        bad(sign_in(c, "000162", "wrong"), "AuthenticationFailed")
    bad(sign_in(c, "000162", "pos000162"), "ChangePasswordRequired")
    guesses = []

    def guess(n):
        guesses.append(sign_in(opened(url, store, secret), "000164", f"guess {n}").body.get("message", "busy").split(":")[0])

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        list(pool.map(guess, range(24)))
    assert guesses.count("AuthenticationFailed") <= 3, guesses


def same_answer(url, store, secret, *_):
    """Who does not exist and who has another password cannot be told apart, neither by the answer nor by the time."""
    c = opened(url, store, secret)
    good(sign_in(c, "000160", "new password 1"))  # from now on its hash costs what this gateway is set to
    times = {"000160": [], "000165": [], "nobody": []}
    answers = set()
    for n in range(40):
        for who in random.sample(sorted(times), 3):
            staff = who if who != "nobody" else f"nobody {n}"
            began = time.perf_counter()
            got = bad(sign_in(c, staff, "wrong password"), "AuthenticationFailed")
            times[who].append(time.perf_counter() - began)
            answers.add(got.raw)
    assert len(answers) == 1, answers
    quick = {who: statistics.quantiles(t, n=5)[0] for who, t in times.items()}  # what others do on this machine only adds to it
    assert max(quick.values()) < 2 * min(quick.values()), quick  # without a hash it is many times
    print({who: round(m / quick["nobody"], 3) for who, m in quick.items()})


def busy(url, store, secret, *_):
    """Passwords are hashed slowly here, by a gateway with three workers: a call that needs none gets through at once."""
    c = opened(url, store, secret)
    tries, waits, stop = [], [], threading.Event()

    def try_in(n):
        me = opened(url, store, secret)
        while not stop.is_set():
            tries.append(sign_in(me, f"nobody {n}", "x").status)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for n in range(8):
            pool.submit(try_in, n)
        time.sleep(0.5)
        for _ in range(20):
            began = time.perf_counter()
            good(c.rts("IsAlive"))
            waits.append(time.perf_counter() - began)
        stop.set()
    assert 200 in tries and 503 in tries, set(tries)
    print(round(statistics.median(waits), 4), tries.count(200), tries.count(503))


def expect(url, store, secret, staff, password, code):
    got = sign_in(opened(url, store, secret), staff, password)
    good(got) if code == "ok" else bad(got, code)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
