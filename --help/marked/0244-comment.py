# OFFICIALSENSITIVE

import os


def main():
    print(os.getcwd())
