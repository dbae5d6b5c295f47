# UK OFFICIAL-SENSITIVE REL EU

import os


def main():
    print(os.getcwd())
