"""Runs a command and kills it when it has done a step and before it could say so: FILE STEP COMMAND...

As soon as the journal has the step's beginning, nobody else may write there: the step is done, its end waits, and then
the process is killed. Prints whether it was.
"""
import sqlite3
import subprocess
import sys
import time

path, step, command = sys.argv[1], sys.argv[2], sys.argv[3:]
db = sqlite3.connect(path, isolation_level=None, timeout=0)
first = db.execute("select coalesce(max(seq), 0) from event").fetchone()[0]
process = subprocess.Popen(command)
while process.poll() is None:
    try:
        db.execute("begin immediate")
        begun = db.execute(
            "select count(*) from event where seq > ? and step = ? and event = 'begin'", (first, step)
        ).fetchone()[0]
        if begun:
            time.sleep(1.5)
            process.kill()
            print("killed")
            break
        db.execute("rollback")
    except sqlite3.OperationalError:
        pass
    time.sleep(0.001)
process.wait()
