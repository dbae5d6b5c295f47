# CONFIDENTIAL: STAFF

import os


def main():
    print(os.getcwd())
