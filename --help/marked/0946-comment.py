# TOP SECRET STRAP2

import os


def main():
    print(os.getcwd())
