# TRÈS SECRET UE/EU TOP SECRET

import os


def main():
    print(os.getcwd())
