# OFFICIAL-SENSITIVE (when complete)

import os


def main():
    print(os.getcwd())
