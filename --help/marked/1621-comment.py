# OFFICIAL: Sensitive//Personal-Privacy

import os


def main():
    print(os.getcwd())
