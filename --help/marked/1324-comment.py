# NATO/PfP UNCLASSIFIED

import os


def main():
    print(os.getcwd())
