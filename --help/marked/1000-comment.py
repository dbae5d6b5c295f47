# NOT PROTECTIVELY MARKED

import os


def main():
    print(os.getcwd())
