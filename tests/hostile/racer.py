"""racer.py DIR SECONDS - truncate, grow, rename, swap and remove what is being scanned

Works on the files of DIR and on DIR/dir, with a seed of its own, until its time is up.
"""
import os
import random
import sys
import time


def truncate(path):
    os.truncate(path, random.choice((0, 1, 4096, 100000)))


def grow(path):
    with open(path, "ab") as f:
        f.write(b"one more line of text\n" * random.choice((1, 1000, 20000)))


def rewrite(path):
    with open(path + ".new", "wb") as f:
        f.write(b"line of some length\n" * 20000)
    os.rename(path + ".new", path)


def rename(path):
    os.rename(path, path + ".moved")
    time.sleep(0.001)
    os.rename(path + ".moved", path)


def to_link(path):
    os.unlink(path)
    os.symlink("/etc/passwd", path)
    time.sleep(0.001)
    os.unlink(path)
    grow(path)


def to_fifo(path):
    os.unlink(path)
    os.mkfifo(path)
    time.sleep(0.001)
    os.unlink(path)
    grow(path)


def swap_dir(path):
    top = os.path.dirname(path)
    os.rename(top + "/dir", top + "/dir.real")
    os.symlink("/etc", top + "/dir")
    time.sleep(0.001)
    os.unlink(top + "/dir")
    os.rename(top + "/dir.real", top + "/dir")


def touch(path):
    os.utime(path)


def main():
    top, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
    random.seed(1)
    paths = sorted(os.path.join(top, n) for n in os.listdir(top)
                   if os.path.isfile(os.path.join(top, n)))
    deeds = (truncate, grow, grow, rewrite, rename, to_link, to_fifo, swap_dir, touch)
    while time.monotonic() < end:
        path = random.choice(paths)
        if os.path.getsize(path) > 2000000:
            os.truncate(path, 1000)
        random.choice(deeds)(path)
        time.sleep(random.random() / 200)


if __name__ == "__main__":
    main()
