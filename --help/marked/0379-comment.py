# OFFICIAL-SENSITIVE - HOME OFFICE USE ONLY - PERSONAL DATA

import os


def main():
    print(os.getcwd())
