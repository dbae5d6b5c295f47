# CONFIDENTIAL - UK EYES ALPHA

import os


def main():
    print(os.getcwd())
