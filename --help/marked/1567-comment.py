# CUI//SP-PRVCY

import os


def main():
    print(os.getcwd())
