# SECRET STRAP1 CANUKUS EYES ONLY

import os


def main():
    print(os.getcwd())
