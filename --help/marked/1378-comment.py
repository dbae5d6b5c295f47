# SECRET UE/EU SECRET

import os


def main():
    print(os.getcwd())
