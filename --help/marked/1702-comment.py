# TLP:AMBER+STRICT

import os


def main():
    print(os.getcwd())
