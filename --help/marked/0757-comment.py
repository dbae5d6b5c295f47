# O F F I C I A L

import os


def main():
    print(os.getcwd())
