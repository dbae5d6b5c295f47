# COSMIC TOP SECRET ATOMAL

import os


def main():
    print(os.getcwd())
