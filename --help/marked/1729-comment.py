# TLP:RED

import os


def main():
    print(os.getcwd())
