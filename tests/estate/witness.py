"""What has to be true when everything has been sent: the tills' own journals and databases against headquarters."""
import functools
from decimal import Decimal

from headquarters import Finding, attempt, must, until

HEAD, LINES, PAYMENTS = "RETAILTRANSACTIONTABLE", "RETAILTRANSACTIONSALESTRANS", "RETAILTRANSACTIONPAYMENTTRANS"
SHIFT_END = "close-shift"  # its id is no transaction's
UPLOADED = "t.recid >= 4611686018427387904"  # headquarters gives such recids to rows of stores
HEADQUARTERS_OWN = ("REPLICATED", "VALIDATIONSTATUS", "VALIDATIONDATETIME")


def agree(what, here, there):
    """Two dictionaries, or a finding that names the first differences."""
    if here == there:
        return
    keys = sorted(k for k in here.keys() | there.keys() if here.get(k) != there.get(k))
    told = "; ".join(f"{k}: {here.get(k)} and {there.get(k)}" for k in keys[:3])
    raise Finding(f"{what}: {len(keys)} differ: {told}")


def once(what, rows):
    """Rows of (key, value) as a dictionary; a key that comes twice is a finding."""
    found = {}
    for key, value in rows:
        if key in found:
            raise Finding(f"{what}: {key} is there twice")
        found[key] = value
    return found


class Witness:
    def __init__(self, hq, shops):
        self.hq, self.shops = hq, shops
        self.types = {(t, c): kind for t, c, kind in hq.rows(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'old'")}
        self.up = {t: [c for (c,) in hq.rows(f"""select quote_ident(column_name) from information_schema.columns
            where table_schema = 'carryover_up' and table_name = '{t.lower()}'""") if c.upper() not in HEADQUARTERS_OWN]
            for (t,) in shops[0].sql("select name from carryover_upload")}
        self.before = {shop.store: self.count(shop) for shop in shops}
        self.marks = 0

    def count(self, shop):
        return {t: int(self.hq.sql(f"select count(*) from old.{t.lower()} where {self.owner(t)} = '{shop.store}'"))
                for (t,) in shop.sql("select name from carryover_upload")}

    @staticmethod
    def owner(table):
        return "storeid" if table in ("RETAILPOSBATCHTABLE", "RETAILTRANSACTIONTAXTRANS", "RETAILTRANSACTIONDISCOUNTTRANS") else "store"

    # --- waiting ---

    def drain(self):
        """Tills stand still: everything is settled, sent, kept, packed and fetched."""
        for shop in self.shops:
            shop.settle()
            shop.send()
        self.marks += 1
        self.hq.sql(f"update hq.dirpartytable set namealias = 'mark {self.marks}' where recid = (select min(recid) from hq.dirpartytable)")
        until("keep sees a change", lambda: self.hq.holds(f"exists (select from old.dirpartytable where namealias = 'mark {self.marks}')"))
        until("no lens key waits", lambda: self.hq.holds(
            "not exists (select from carryover.lens_backlog() where direction in ('down', 'up') and keys > 0)"))
        must("-C", self.hq.p, "n1", "jobs", "run", "9999")
        until("every job has run", lambda: self.hq.holds("not exists (select from carryover.n1_job where asked and job !~ 'AX7')"))
        for shop in self.shops:
            until(f"{shop.store} has nothing to fetch", lambda: " 0 packages applied" in " " + shop.send())

    # --- looking ---

    def look(self):
        """Returns how many transactions and gift cards were compared."""
        transactions = sum(self.look_at(shop) for shop in self.shops)
        self.versions()
        self.nothing_aside()
        self.totals()
        return transactions, sum(self.cards(shop) for shop in self.shops)

    def look_at(self, shop):
        must("store", "verify", shop.home)
        journal = shop.journal()
        self.transactions(shop, journal)
        for table, before in self.before[shop.store].items():
            self.rows(shop, table, before)
        self.uploads(shop)
        self.lenses(shop)
        return len(journal)

    def transactions(self, shop, journal):
        """Each line of the journal is there once, in both versions, with its amounts and lines; nothing else is."""
        promised = {i: (Decimal(x["gross"]), Decimal(x["paid"]), x["lines"]) for i, x in journal.items() if x["kind"] != SHIFT_END}
        for schema in ("old", "hq"):
            got = self.hq.rows(f"""select t.transactionid, -t.grossamount, t.paymentamount, coalesce(l.n, 0) from {schema}.{HEAD} t
                left join (select store, terminalid as terminal, transactionid, count(*) as n from {schema}.{LINES} group by 1, 2, 3) l
                using (store, terminal, transactionid) where t.store = '{shop.store}' and {UPLOADED}""")
            have = once(f"{schema}.{HEAD}", [(r[0], (Decimal(r[1]), Decimal(r[2]), int(r[3]))) for r in got])
            agree(f"{shop.store}: journal and {schema}.{HEAD}", promised, have)

    def rows(self, shop, table, before):
        """Each row that went up, value by value; and no other row has come."""
        info = shop.sql(f"select name, pk from pragma_table_info('{table}')")
        columns = [c for c, _ in info if (table.lower(), c.lower()) in self.types and c not in HEADQUARTERS_OWN]
        numeric = [self.types[table.lower(), c.lower()] == "numeric" for c in columns]
        keys = [columns.index(c) for c, pk in info if pk]

        def table_of(rows):
            values = [tuple(plain(v, n) for v, n in zip(row, numeric)) for row in rows]
            return once(f"{shop.store}: {table}", [(tuple(v[k] for k in keys), v) for v in values])
        here = table_of(shop.sql(f"select {', '.join(columns)} from {table}"))
        there = table_of(self.hq.rows(f"select {', '.join(columns)} from old.{table} t where {self.owner(table)} = '{shop.store}' and {UPLOADED}"))
        agree(f"{shop.store}: {table} and old", here, there)
        now = int(self.hq.sql(f"select count(*) from old.{table} where {self.owner(table)} = '{shop.store}'"))
        if now != before + len(here):
            raise Finding(f"{shop.store}: old.{table} has {now} rows, not {before} and {len(here)}")

    def uploads(self, shop):
        """Numbers without gaps, and nothing waits in the store."""
        if self.hq.sql(f"select count(*) = max(number) from carryover.n1_upload where store = '{shop.store}'") != "t":
            raise Finding(f"{shop.store}: numbers of uploads have gaps")
        left = shop.sql("select name, last, sent from carryover_upload where last <> sent")
        if left:
            raise Finding(f"{shop.store}: not sent: {left}")

    def lenses(self, shop):
        """The channel database is what the lenses say, value by value."""
        tables = {}
        for table, column in self.hq.rows("""select table_name, column_name from information_schema.columns
                where table_schema = 'carryover_channel' order by ordinal_position"""):
            tables.setdefault(table, []).append(column)
        for table, columns in tables.items():
            scope = {"channel_store": shop.store, "channel_group": "EAST"}
            where = "".join(f" and {c} = '{v}'" for c, v in scope.items() if c in columns)
            have = [c for c, _ in shop.sql(f"select lower(name), pk from pragma_table_info('{table}')") if c in columns]
            there = self.hq.rows(f"select {', '.join(have)} from carryover_channel.{table} where true {where}")
            here = shop.sql(f"select {', '.join(have)} from {table}")
            agree(f"{shop.store}: {table} and its lens", tally([str(v) if v is not None else None for v in r] for r in here), tally(there))

    def versions(self):
        """What went up is in version N as the lenses say."""
        for table in self.up:
            columns = ", ".join(self.up[table])
            for a, b in (("carryover_up", "hq"), ("hq", "carryover_up")):
                n = self.hq.sql(f"""select count(*) from (select {columns} from {a}.{table} t where {UPLOADED}
                    except select {columns} from {b}.{table} t where {UPLOADED}) x""")
                if n != "0":
                    raise Finding(f"{table}: {n} rows of {a} are not in {b}")

    def nothing_aside(self):
        for what in ("carryover.n1_aside", "carryover.aside", "carryover.n1_upload_refused", "carryover.n1_finding"):
            got = self.hq.rows(f"select t::text from {what} t limit 3")
            if got:
                raise Finding(f"{what} has rows: {got}")

    def totals(self):
        got = attempt("-C", self.hq.p, "n1", "totals", "--json")
        if got.returncode:
            raise Finding(f"totals differ: {got.stdout[:900]}{got.stderr[:300]}")

    # --- gift cards ---

    def cards(self, shop):
        """Balances by the receipts of the store against those of headquarters; what came to nothing is zero, and no card is locked."""
        prefix = f"G{shop.store}-"
        account = {}
        receipts = set(shop.journal())
        for card, amount, receipt in shop.sql(f"""select COMMENT, PRICE, TRANSACTIONID from {LINES} where GIFTCARD = 1
                union all select GIFTCARDID, '-' || AMOUNTCUR, TRANSACTIONID from {PAYMENTS} where GIFTCARDID <> ''"""):
            if receipt not in receipts:
                raise Finding(f"{receipt} with card {card} is not in the journal")
            account[card] = account.get(card, 0) + Decimal(amount)
        got = self.hq.rows(f"""select entryid, reserved, (select sum(t.amount) from hq.retailgiftcardtransactions t
            where (t.dataareaid, t.cardnumber) = (g.dataareaid, g.entryid)) from hq.retailgiftcardtable g where entryid like '{prefix}%'""")
        locked = [r for r in got if r[1] != "0"]
        if locked:
            raise Finding(f"cards that are locked: {locked[:3]}")
        balances = once("hq.retailgiftcardtable", [(r[0], Decimal(r[2] or 0)) for r in got])
        agree(f"gift cards of {shop.store}: receipts and headquarters", {k: account.get(k, 0) for k in account.keys() | balances.keys()}, balances)
        return len(account)


@functools.lru_cache(maxsize=100000)
def plain(value, numeric):
    """A value as both sides can write it."""
    if value is None:
        return None
    if numeric:
        return Decimal(str(value))
    return str(value).removesuffix(" 00:00:00")


def tally(rows):
    found = {}
    for row in rows:
        found[tuple(row)] = found.get(tuple(row), 0) + 1
    return found
