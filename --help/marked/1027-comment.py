# PROTECT - PERSONAL

import os


def main():
    print(os.getcwd())
