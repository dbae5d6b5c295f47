# OFFICIAL - FOR PUBLIC RELEASE

import os


def main():
    print(os.getcwd())
