#!/usr/bin/env python3
"""The estate in steady use: stores sell, headquarters changes prices, now and then a store's process or a line is lost. Memory and
open files of the gateways and of `n1 keep`, carryover's own tables and the log that the database has to keep must not grow
without end; then the tills' journals are the witness as in campaign.py.

    CARRYOVER=build/src/carryover tests/estate/soak.py
    CARRYOVER_SOAK_MINUTES   default 30     CARRYOVER_SOAK_SEED   default 1
"""
import os
import statistics
import sys
import time

from campaign import Campaign, note, play
from headquarters import Finding

SAMPLE_S = 5
STRIKE_S = 60
SETTINGS = ("n1.keep=1m", "n1.call_keep=1m")  # so that what is kept for days is thrown away within the soak
# A row for each upload or decision for ever is what these are for.
BOOKS = ("n1_upload", "n1_audit")
MB = 1 << 20
# What may come on top of the middle of the soak at its end: a share, and a sum for what comes and goes.
LIMITS = {"memory": (0.25, 16 * MB), "files": (0.25, 16), "table": (0.3, 8 * MB), "log": (1.0, 256 * MB)}
TABLES = """select relname, pg_total_relation_size(oid) from pg_class where relnamespace = 'carryover'::regnamespace and relkind = 'r'
    union all select '-', max(pg_current_wal_lsn() - restart_lsn)::bigint from pg_replication_slots"""


def memory_of(pid):
    with open(f"/proc/{pid}/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Figures over time: (kind, name) -> [value]."""

    def __init__(self, hq):
        self.hq, self.figures = hq, {}

    def put(self, kind, name, value):
        self.figures.setdefault((kind, name), []).append(value)

    def sample(self):
        for process in self.hq.processes():
            pid = process.child.pid
            self.put("memory", process.name, memory_of(pid))
            self.put("files", process.name, len(os.listdir(f"/proc/{pid}/fd")))
        for name, size in self.hq.rows(TABLES):
            if name not in BOOKS:
                self.put("log" if name == "-" else "table", name, int(size or 0))

    def halves(self, values):
        """The medians of the second quarter and of the last one; the first is for what fills up once."""
        n = len(values)
        return statistics.median(values[n // 4:n // 2]), statistics.median(values[n - n // 4:])

    def grown(self):
        found = []
        for (kind, name), values in self.figures.items():
            middle, end = self.halves(values)
            share, sum_ = LIMITS[kind]
            if end > middle * (1 + share) + sum_:
                found.append(f"{kind} of {name} grows: {middle:.0f} in the second quarter, {end:.0f} in the last")
        return found

    def tell(self):
        rows = [(kind, name, *self.halves(values), max(values)) for (kind, name), values in self.figures.items()]
        for kind, name, middle, end, most in sorted(rows, key=lambda r: (r[0], r[2] - r[3]))[:40]:
            if kind != "table" or most > MB:
                note(f"{kind} {name}: {middle:.0f} in the second quarter, {end:.0f} in the last, at most {most:.0f}")


def soak(campaign, minutes):
    watch, began = Watch(campaign.hq), time.time()
    campaign.go(cut_percent=1)
    strike_at = began + STRIKE_S
    while time.time() < began + minutes * 60:
        time.sleep(SAMPLE_S)
        watch.sample()
        if time.time() > strike_at:
            campaign.strike((("till", 1), ("sync", 1), ("line", 1)))
            strike_at += STRIKE_S
        campaign.revive()
    watch.tell()
    agreed = campaign.look()
    grown = watch.grown()
    if grown:
        raise Finding("; ".join(grown))
    return agreed


def main():
    minutes = float(os.environ.get("CARRYOVER_SOAK_MINUTES", "30"))
    seed = int(os.environ.get("CARRYOVER_SOAK_SEED", "1"))
    note(f"seed {seed}, {minutes:g} minutes")
    return play("nothing grows, is lost or doubled", seed, lambda campaign: soak(campaign, minutes), SETTINGS)


if __name__ == "__main__":
    sys.exit(main())
