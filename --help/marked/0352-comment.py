# OFFICIAL-SENSITIVE - RECIPIENTS ONLY

import os


def main():
    print(os.getcwd())
