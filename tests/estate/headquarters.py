"""The headquarters of a campaign: the flagship package after its cutover, on a PostgreSQL of its own, with `n1 keep` and
two gateways. Real parts only; each can be killed and started again."""
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

ROOT = os.environ.get("CARRYOVER_ROOT") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CARRYOVER = os.environ["CARRYOVER"]
os.environ["CARRYOVER_PACKAGES"] = ROOT + "/packages"
PATIENCE_S = 120
NO_DATABASE = 3  # exit status


class Finding(Exception):
    """Something that must not be."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def until(what, claim, patience_s=PATIENCE_S):
    """Waits until claim() is true."""
    end = time.time() + patience_s
    while not claim():
        if time.time() > end:
            raise Finding(f"it never came to be: {what}")
        time.sleep(0.1)


def attempt(*args):
    return subprocess.run([CARRYOVER, *args], capture_output=True, text=True)


def must(*args):
    got = attempt(*args)
    if got.returncode:
        raise Finding(f"status {got.returncode} of carryover {' '.join(args)}: {got.stderr[-900:]}")
    return got.stdout


class Clock:
    """The clock of one machine, which may jump under the processes that run there (tests/e2e/clock_shift.c)."""

    def __init__(self, folder, name):
        self.path, library = f"{folder}/{name}.clock", folder + "/clock.so"
        if not os.path.exists(library):
            subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", library, ROOT + "/tests/e2e/clock_shift.c"], check=True)
        self.env = {"LD_PRELOAD": library, "CLOCK_AHEAD": self.path}
        self.jump(0)

    def jump(self, ahead_s):
        with open(self.path, "w") as f:
            f.write(str(ahead_s))


class Process:
    """A process that runs until it is killed; what ends by itself is a finding, but for what says that its database is away
    before it has said `up`."""

    def __init__(self, name, log, *args, clock=None, up=""):
        self.name, self.log, self.args, self.clock, self.up = name, log, args, clock, up
        self.child, self.excused, self.said = None, True, 0

    def start(self, *more):
        with open(self.log, "a") as log:
            self.said = log.tell()
            self.child = subprocess.Popen([CARRYOVER, *self.args, *more], stdout=subprocess.DEVNULL, stderr=log,
                                          env={**os.environ, **(self.clock.env if self.clock else {})})
        self.excused = False

    def runs(self):
        return self.child is not None and self.child.poll() is None

    def end(self, sig):
        self.excused = True
        if self.child:
            self.child.send_signal(sig)  # does nothing to one that has ended
            self.child.wait(60)

    def check(self):
        if self.runs() or self.excused:
            return
        with open(self.log) as log:
            log.seek(self.said)
            said = log.read()
        if self.child.returncode != NO_DATABASE or self.up in said:
            raise Finding(f"{self.name} ended by itself with {self.child.returncode}: {said[-900:]}")


class Headquarters:
    def __init__(self, folder, settings=()):
        self.p, self.q, self.folder = folder + "/p", folder + "/q", folder
        self.settings = [word for setting in settings for word in ("--set", setting)]
        self.ports = [free_port(), free_port()]
        self.package = folder + "/package"
        self.keep = Process("n1 keep", folder + "/keep.log", "-C", self.p, "n1", "keep", *self.settings, up="keeping ")
        self.clock = Clock(folder, "gateway2")
        self.gateways = [self.gateway(0, None), self.gateway(1, self.clock)]

    def make_package(self):
        """Jobs run every second, and not when a day is over."""
        shutil.copytree(ROOT + "/packages/ax2012r3-commerce", self.package)
        with open(self.package + "/package.yaml") as f:
            text = f.read()
        for every in ("every: 1m", "every: 5m", "every: 15m"):
            text = text.replace(every, "every: 1s")
        with open(self.package + "/package.yaml", "w") as f:
            f.write(text)

    def go_over(self):
        must("init", self.p, "--package", self.package, "--set", "hooks.stop_writers=true", "--set", "hooks.open=true")
        must("-C", self.p, "sample", "create", "--scale", "0.01", "-q")
        must("-C", self.p, "replicate", "start", "--detach", "-q")
        until("replication follows", lambda: "replication: following" in attempt("-C", self.p, "replicate", "status").stdout)
        must("-C", self.p, "upgrade", "--detach", "-q")
        until("every lens is fresh", self.is_fresh)
        for item in ("BUS01", "SLT01"):
            must("-C", self.p, "check", "confirm", item, "--by", "campaign", "--note", "a test")
        must("-C", self.p, "cutover", "--yes", "-q", "--set", "cutover.signoff=optional")
        must("-C", self.p, "server", "stop", "source", "-q")
        self.uri = must("-C", self.p, "server", "uri", "target").strip()

    def is_fresh(self):
        got = attempt("-C", self.p, "upgrade", "status", "--json")
        lenses = json.loads(got.stdout)["lenses"] if got.returncode == 0 else []
        return bool(lenses) and all(x["state"] == "fresh" and x["dirty"] == 0 for x in lenses)

    def gateway(self, i, clock):
        return Process(f"gateway {i + 1}", f"{self.folder}/gateway{i + 1}.log", "-C", (self.p, self.q)[i], "n1", "serve", "--listen",
                       f"127.0.0.1:{self.ports[i]}", "--set", f"n1.session_key={self.p}/n1-session.key", "--set", "n1.rate_address=0",
                       "--set", "n1.rate_store=0", *self.settings, clock=clock, up="listening on ")

    def processes(self):
        return [self.keep, *self.gateways]

    def open(self):
        """Makes all of it. The first start of `n1 keep` gives the database another wal_level."""
        self.make_package()
        self.go_over()
        must("init", self.q, "--target", self.uri, "--package", self.package)
        self.keep.start()
        until("n1 keep has its jobs", lambda: self.holds("to_regclass('carryover.n1_job') is not null"))
        self.open_again()

    def open_again(self):
        """Until everything is there."""
        def is_there():
            self.revive()
            return self.holds("true") and all(listens(port) for port in self.ports)
        until("headquarters is there", is_there)

    # --- its database ---

    def sql(self, text):
        got = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.uri, "-c", text], capture_output=True, text=True)
        if got.returncode:
            raise Finding(f"{text}: {got.stderr.strip()}")
        return got.stdout.rstrip("\n")

    def rows(self, query):
        """Of a query, as COPY writes them: lists of text, None for null."""
        got = self.sql(f"copy ({query}) to stdout")
        return [values_of(line) for line in got.split("\n") if line]

    def holds(self, claim):
        """Whether a claim is true; an absent database says no."""
        try:
            return self.sql(f"select {claim}") == "t"
        except Finding:
            return False

    def postmaster(self):
        for home in glob.glob(self.p + "/servers/target") + glob.glob(self.p + "/servers/target/elsewhere"):
            try:
                with open(os.path.realpath(home) + "/data/postmaster.pid") as f:
                    return int(f.readline())
            except OSError:
                continue
        return None

    def start_server(self):
        until("the database server starts", lambda: attempt("-C", self.p, "server", "start", "target", "-q").returncode == 0)

    def crash_server(self, sig):
        """The first process goes; the others notice. Then it is started as an operator would."""
        pid = self.postmaster()
        if pid:
            os.kill(pid, sig)
            until("the database server ends", lambda: not os.path.exists(f"/proc/{pid}"))
        self.start_server()

    def crash_backend(self, rand):
        """One process of the server goes, and takes the others with it; it comes back by itself, but for when it was just
        coming back from the last time."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.postmaster() or 0)], capture_output=True, text=True).stdout
        try:
            os.kill(int(rand.choice(children.split())), signal.SIGKILL)
        except (IndexError, ProcessLookupError):
            pass

    # --- its processes ---

    def revive(self):
        """Whatever does not run is started."""
        if not self.postmaster():
            self.start_server()
        for process in self.processes():
            process.check()
            if not process.runs():
                process.start()

    def stop(self):
        for process in self.processes():
            process.end(signal.SIGKILL)
        attempt("-C", self.p, "server", "stop")


def values_of(line):
    if "\\" not in line:
        return line.split("\t")
    return [None if v == "\\N" else unescape(v) for v in line.split("\t")]


def unescape(text):
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), text)
