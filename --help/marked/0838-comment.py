# UK SECRET - CODEWORD - UK EYES ONLY

import os


def main():
    print(os.getcwd())
