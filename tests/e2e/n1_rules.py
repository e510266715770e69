"""Breaks each consistency rule of packages/ax2012r3-commerce by a transaction of its own, made from one of the sample.

    n1_rules.py URL STORE SECRET TARGET      TARGET is a libpq URI of the target

Prints each transaction with the rules that have to find it, for tests/e2e/uploads_ax.sh.
"""
import copy
import decimal
import json
import subprocess
import sys

from n1_client import must, opened
from n1_upload import Table, package, upload

TABLES = {  # table, column of its store, of its transaction, order of lines
    "retailtransactiontable": ("store", "transactionid"),
    "retailtransactionsalestrans": ("store", "transactionid, linenum"),
    "retailtransactionpaymenttrans": ("store", "transactionid, linenum"),
    "retailtransactiontaxtrans": ("storeid", "transactionid, salelinenum, taxcode"),
    "retailtransactiondiscounttrans": ("storeid", "transactionid, salelinenum, linenum"),
}
HEAD, LINE, PAYMENT, TAX, DISCOUNT = TABLES

# A plain sale of two lines or more, with taxes, of which nothing was voided and nothing is found.
TEMPLATE = """select h.transactionid from old.retailtransactiontable h where h.store = '%s' and h.type = 2 and h.entrystatus in (0, 2)
    and h.custaccount = '' and h.grossamount < 0 and h.numberofitemlines >= 2
    and not exists (select from old.retailtransactionsalestrans l where l.store = h.store and l.transactionid = h.transactionid
                    and (l.transactionstatus <> 0 or l.qty >= 0 or l.taxamount = 0 or l.variantid <> ''))
    order by 1 limit 1"""


class Database:
    def __init__(self, uri):
        self.uri = uri

    def value(self, sql):
        return subprocess.run(["psql", "-XAtq", self.uri, "-c", sql], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()

    def rows(self, table, where, order):
        columns = self.value(f"select string_agg(format('%I::text', attname), ', ' order by attnum) from pg_attribute where"
                             f" attrelid = 'old.{table}'::regclass and attnum > 0 and attname <> 'recid'")
        text = self.value(f"select json_agg(x) from (select {columns} from old.{table} where {where} order by {order}) x")
        return json.loads(text or "null") or []


def add(row, column, amount):
    row[column] = str(decimal.Decimal(row[column]) + decimal.Decimal(amount))


def set_quantity(t, line, quantity):
    add(t[HEAD][0], "numberofitems", decimal.Decimal(line["qty"]) - quantity)
    line["qty"] = line["unitqty"] = str(quantity)


# --- one mistake each; what has to be found follows ---

def h01(t):
    t[HEAD][0]["businessdate"] = "1990-01-01 00:00:00"
    return "H01"


def h02(t):
    add(t[HEAD][0], "grossamount", "0.004")
    return "H02"


def h03(t):
    t[HEAD][0]["custaccount"] = "NOBODY"
    return "H03"


def h04(t):
    add(t[HEAD][0], "discamount", 1)
    return "H04"


def h05(t):
    t[HEAD][0]["fiscaldocumentid"] = "X"
    return "H05"


def h06(t):
    add(t[HEAD][0], "grossamount", 1)
    return "H06 H08 H14"


def h07(t):
    add(t[HEAD][0], "netamount", 1)
    return "H07 H08"


def h08(t):
    add(t[LINE][0], "taxamount", 1)
    return "H08 L02 L06"


def h09(t):
    add(t[HEAD][0], "numberofitems", 1)
    return "H09"


def h10(t):
    add(t[PAYMENT][0], "amounttendered", 1)
    return "H10"


def h11(t):  # what stores of N-1 cannot send is changed afterwards
    add(t[HEAD][0], "numberofitems", 2)
    return "H09"


def h12(t):
    t[TAX][0]["isincludedinprice"] = "1"
    return "H12"


def h13(t):
    for column in ("grossamount", "netamount", "paymentamount", "numberofitems", "discamount"):
        t[HEAD][0][column] = "0"
    for table in (LINE, PAYMENT, TAX, DISCOUNT):
        t[table] = []
    return "H13"


def h14(t):
    add(t[HEAD][0], "paymentamount", 1)
    add(t[PAYMENT][0], "amounttendered", 1)
    return "H14"


def l01(t):
    t[LINE][0]["barcode"] = "NOPE"
    return "L01"


def l02(t):
    add(t[LINE][0], "netamountincltax", 1)
    return "H06 L02"


def l03(t):
    t[LINE][0]["giftcard"] = "1"
    set_quantity(t, t[LINE][0], 1)
    return "L03 L10"


def l04(t):
    t[LINE][0]["itemid"] = "NOPE"
    return "L04"


def l05(t):
    add(t[LINE][0], "discamount", 1)
    add(t[HEAD][0], "discamount", 1)
    return "L05"


def l06(t):
    add(t[TAX][0], "amount", 1)
    return "L06"


def l07(t):
    t[LINE][0]["price"] = "-1"
    return "L07"


def l08(t):
    t[LINE][0]["itemid"] = "SERIAL"
    return "L08"


def l09(t):
    t[LINE][0]["inventserialid"] = "S1"
    set_quantity(t, t[LINE][0], -2)
    return "L09"


def l10(t):
    set_quantity(t, t[LINE][0], 1)
    return "L10"


def l11(t):
    t[LINE][0]["taxgroup"] = ""
    return "L11"


def l12(t):
    line = t[LINE][0]["linenum"]
    t[TAX] = [x for x in t[TAX] if x["salelinenum"] != line]
    return "L06 L12"


def l13(t):
    t[LINE][0]["unit"] = ""
    add(t[LINE][0], "unitqty", -1)
    return "L13"


def good(t):
    return ""


MISTAKES = [good, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14,
            l01, l02, l03, l04, l05, l06, l07, l08, l09, l10, l11, l12, l13, good]


def main(url, store, secret, target):
    db = Database(target)
    client = opened(url, store, secret)
    state = must(client.call("GET", "/v1/uploads"), 200).body
    template = db.value(TEMPLATE % store)
    assert template, "the sample has no plain sale"
    rows = {t: db.rows(t, f"{s} = '{store}' and transactionid = '{template}'", o) for t, (s, o) in TABLES.items()}
    for line in rows[LINE]:
        line["barcode"] = ""
    together = {t: [] for t in TABLES}
    counters = {t: state["counters"][t.upper()] for t in TABLES}
    for i, mistake in enumerate(MISTAKES):
        clone = copy.deepcopy(rows)
        expected = mistake(clone)
        name = f"T{i:02d}-{mistake.__name__}"
        for t, list_ in clone.items():
            for row in list_:
                counters[t] += 1
                row["transactionid"], row["replicationcounterfromorigin"] = name, counters[t]
            together[t] += list_
        print(name, expected)
    tables = [Table(t.upper(), ["transactionid"], list_, "replicationcounterfromorigin", state["counters"][t.upper()])
              for t, list_ in together.items() if list_]
    got = must(upload(client, state["last"] + 1, package(store, state["last"] + 1, tables, job="P-0001")), 201)
    assert got.body["aside"] == 0 and got.body["transactions"] == len(MISTAKES), got


if __name__ == "__main__":
    main(*sys.argv[1:])
