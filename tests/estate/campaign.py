#!/usr/bin/env python3
"""The estate under fire: two gateways, `n1 keep`, PostgreSQL and the processes of some stores are killed with SIGKILL at
seeded random instants while tills sell and headquarters changes prices, and lines are cut in the middle of messages. All of it
is started again each time. At the end the tills' journals are the witness: nothing is lost, nothing is doubled, balances are exact.

    CARRYOVER=build/src/carryover tests/estate/campaign.py
    CARRYOVER_CRASH_ROUNDS   kills (default 12; `make crash ROUNDS=1000`)     CARRYOVER_CRASH_SEED   default 1
"""
import collections
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

from headquarters import Finding, Headquarters
from proxy import Proxy
from shop import Shop
from witness import Witness

STORES = ("000001", "000002", "000003")
CUT_PERCENT = 50  # of connections
LOOK_EVERY = 250  # kills
# Who is killed how often, of a hundred.
VICTIMS = (("gateway", 32), ("keep", 19), ("till", 17), ("sync", 17), ("line", 4), ("clock", 4), ("backend", 4), ("postmaster", 2),
           ("immediate", 1))
NO_KILLS = ("line", "clock")
CHANGES = (
    "update hq.inventtablemodule set price = price + 0.01 where recid = (select recid from hq.inventtablemodule order by random() limit 1)",
    "update hq.retailstafftable set nameonreceipt = md5(random()::text)"
    " where recid = (select recid from hq.retailstafftable order by random() limit 1)",
    "update hq.custtable set blocked = 1 - blocked where recid = (select recid from hq.custtable where blocked in (0, 1) order by random() limit 1)",
    "with gone as (delete from hq.ecoresproducttranslation where recid = (select max(recid) from hq.ecoresproducttranslation) returning *)"
    " insert into public.spare select * from gone",
    "with back as (delete from public.spare returning *) insert into hq.ecoresproducttranslation select * from back",
)


BEGAN = time.time()


def note(text):
    print(f"# {time.time() - BEGAN:.0f} s: {text}", flush=True)


class Office(threading.Thread):
    """People at headquarters, who change what stores download."""

    def __init__(self, hq, seed):
        super().__init__(daemon=True)
        self.hq, self.random, self.work, self.idle = hq, random.Random(seed), threading.Event(), threading.Event()
        hq.sql("create table public.spare (like hq.ecoresproducttranslation)")

    def run(self):
        while True:
            self.idle.set()
            self.work.wait()
            self.idle.clear()
            try:
                self.hq.sql(self.random.choice(CHANGES))
            except Finding:
                pass  # the database is away
            time.sleep(0.2)

    def pause(self):
        self.work.clear()
        self.idle.wait()


class Campaign:
    def __init__(self, folder, seed, settings=()):
        self.random, self.kills = random.Random(seed), collections.Counter()
        self.hq, self.shops = Headquarters(folder, settings), []
        self.proxy = Proxy(self.hq.ports, seed)
        self.seed = seed

    def open(self):
        self.hq.open()
        note("headquarters is version N")
        for i, store in enumerate(STORES):
            self.shops.append(Shop(self.hq, store, self.proxy.port, self.seed * 100000 + i * 10000))
            self.shops[-1].send()
        self.witness = Witness(self.hq, self.shops)
        self.office = Office(self.hq, self.seed)
        self.office.start()

    def go(self, cut_percent=CUT_PERCENT):
        note("stores sell")
        self.proxy.cut_percent = cut_percent
        self.office.work.set()
        self.revive()

    def revive(self):
        self.hq.revive()
        for shop in self.shops:
            shop.revive()

    def strike(self, victims=VICTIMS):
        names, weights = zip(*victims)
        victim = self.random.choices(names, weights)[0]
        self.kills[victim] += 1
        getattr(self, "kill_" + victim)()

    def kill_gateway(self):
        self.random.choice(self.hq.gateways).end(signal.SIGKILL)

    def kill_keep(self):
        self.hq.keep.end(signal.SIGKILL)

    def kill_till(self):
        self.random.choice(self.shops).till.end(signal.SIGKILL)

    def kill_sync(self):
        self.random.choice(self.shops).sync.end(signal.SIGKILL)

    def kill_clock(self):
        """Of a store or of the second gateway: hours ahead, hours behind, or right again."""
        machine = self.random.choice([*self.shops, self.hq])
        machine.clock.jump(self.random.choice((0, self.random.randrange(-5 * 3600, 5 * 3600))))

    def kill_line(self):
        self.proxy.hang_up()

    def kill_backend(self):
        self.hq.crash_backend(self.random)

    def kill_postmaster(self):
        self.hq.crash_server(signal.SIGKILL)

    def kill_immediate(self):
        self.hq.crash_server(signal.SIGQUIT)

    def look(self):
        """Everything comes to rest and is compared."""
        self.office.pause()
        self.proxy.cut_percent = 0
        for shop in self.shops:
            shop.stop()
        self.hq.open_again()
        note("everything comes to rest")
        self.witness.drain()
        note("comparing")
        return self.witness.look()

    def killed(self):
        return sum(n for victim, n in self.kills.items() if victim not in NO_KILLS)

    def fight(self, rounds):
        self.go()
        looked = 0
        while self.killed() < rounds:
            time.sleep(self.random.random() * 0.6)
            self.strike()
            self.revive()
            if self.killed() - looked >= LOOK_EVERY and self.killed() < rounds:
                looked = self.killed()
                note(f"{looked} kills, {self.proxy.cuts} cuts: %d transactions and %d gift cards agree" % self.look())
                self.go()
        return self.look()

    def stop(self):
        for shop in self.shops:
            shop.stop()
        self.hq.stop()


def play(claim, seed, act, settings=()):
    """One test: an estate of its own, what is done with it, and TAP."""
    folder = tempfile.mkdtemp(prefix="carryover-estate-")
    os.chmod(folder, 0o755)
    print("1..1", flush=True)
    campaign = Campaign(folder, seed, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and nothing is left behind
    try:
        campaign.open()
        transactions, cards = act(campaign)
        kills = ", ".join(f"{k} {n}" for k, n in sorted(campaign.kills.items()))
        note(f"killed: {kills}; {campaign.proxy.cuts} of {campaign.proxy.connections} connections cut")
        print(f"ok 1 - {claim} (seed {seed}, {campaign.killed()} kills, {transactions} transactions, {cards} gift cards)")
    except Finding as finding:
        print(f"not ok 1 - {claim} (seed {seed})")
        note(finding)
        if os.environ.get("CARRYOVER_KEEP"):
            note(f"kept: {folder}")
            folder = None
        return 1
    finally:
        campaign.stop()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def main():
    rounds = int(os.environ.get("CARRYOVER_CRASH_ROUNDS", "12"))
    seed = int(os.environ.get("CARRYOVER_CRASH_SEED", "1"))
    note(f"seed {seed}, {rounds} kills")
    return play("nothing is lost or doubled", seed, lambda campaign: campaign.fight(rounds))


if __name__ == "__main__":
    sys.exit(main())
