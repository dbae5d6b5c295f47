# OFFICIAL - MARKET-SENSITIVE

import os


def main():
    print(os.getcwd())
