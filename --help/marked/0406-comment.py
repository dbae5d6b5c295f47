# OFFICIAL-SENSITIVE [PERSONAL]

import os


def main():
    print(os.getcwd())
