# NATO RESTRICTED

import os


def main():
    print(os.getcwd())
