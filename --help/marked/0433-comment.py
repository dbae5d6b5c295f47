# OFFICIAL-SENSITIVE COMMERCIAL

import os


def main():
    print(os.getcwd())
