# NATO SECRET

import os


def main():
    print(os.getcwd())
