# CONFIDENTIAL//NOFORN

import os


def main():
    print(os.getcwd())
