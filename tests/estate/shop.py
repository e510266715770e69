"""A store of a campaign: the reference store, with tills that sell all the time and a sync that sends it."""
import json
import signal
import sqlite3

from headquarters import Clock, Finding, Process, attempt, must

TILL_RATE = 25  # transactions a second


class Shop:
    def __init__(self, hq, store, port, seed):
        self.store, self.home, self.seed = store, f"{hq.folder}/{store}", seed
        secret = f"{hq.folder}/{store}.secret"
        must("-C", hq.p, "n1", "stores", "add", store, "--group", "EAST", "--secret-file", secret, "-q")
        must("store", "init", self.home, "--id", store, "--url", f"http://127.0.0.1:{port}", "--secret-file", secret)
        self.clock = Clock(hq.folder, store)
        self.till = Process(f"till of {store}", f"{hq.folder}/{store}.till.log", "store", "till", self.home, "--gift-cards", "--rate",
                            str(TILL_RATE), clock=self.clock)
        self.sync = Process(f"sync of {store}", f"{hq.folder}/{store}.sync.log", "store", "sync", self.home, "--every", "100ms", "--batch",
                            "20", clock=self.clock)

    def processes(self):
        return [self.till, self.sync]

    def revive(self):
        for process in self.processes():
            process.check()
            if not process.runs():
                self.seed += 1
                process.start(*(["--seed", str(self.seed)] if process is self.till else []))

    def stop(self):
        for process in self.processes():
            process.end(signal.SIGTERM)

    def sql(self, query, *args):
        with sqlite3.connect(f"file:{self.home}/channel.db?mode=ro", uri=True) as db:
            return db.execute(query, args).fetchall()

    def settle(self):
        """Calls that were cut short are ended: each run of the tills begins with that."""
        for _ in range(20):
            self.seed += 1
            must("store", "till", self.home, "--transactions", "1", "--gift-cards", "--seed", str(self.seed))
            if not self.sql("select 1 from carryover_call"):
                return
        raise Finding(f"{self.store}: calls that cannot be settled: {self.sql('select * from carryover_call')}")

    def send(self):
        """Everything is at headquarters, and what it has is here. One refusal may be a session that was forgotten."""
        for _ in range(5):
            got = attempt("store", "sync", self.home, "--once")
            if got.returncode == 0:
                return got.stdout
        raise Finding(f"{self.store}: cannot sync: {got.stderr[-900:]}")

    def journal(self):
        """What its tills promised, by id."""
        lines = {}
        with open(self.home + "/journal.jsonl") as f:
            for text in f:
                line = json.loads(text)
                if line["id"] in lines and line["kind"] != "suspend":
                    if lines[line["id"]]["kind"] != "suspend":
                        raise Finding(f"{line['id']} stands in the journal twice")
                lines[line["id"]] = line
        return {i: line for i, line in lines.items() if line["kind"] != "suspend"}
