# RESTRICTED (WHEN COMPLETE)

import os


def main():
    print(os.getcwd())
