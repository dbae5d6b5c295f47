# OFFICIAL-SENSITIVE - HR/MANAGEMENT

import os


def main():
    print(os.getcwd())
