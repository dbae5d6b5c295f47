# OFFICIAL-SENSITIVE - LOCSEN

import os


def main():
    print(os.getcwd())
