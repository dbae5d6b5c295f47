# SECRET - RECIPIENTS ONLY - COMMERCIAL

import os


def main():
    print(os.getcwd())
