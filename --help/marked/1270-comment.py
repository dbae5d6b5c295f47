# NATO CONFIDENTIAL RELEASABLE TO SWEDEN

import os


def main():
    print(os.getcwd())
