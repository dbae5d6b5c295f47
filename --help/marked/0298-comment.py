# OFFICIAL-SENSATIVE

import os


def main():
    print(os.getcwd())
