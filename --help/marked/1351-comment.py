# RESTREINT UE/EU RESTRICTED

import os


def main():
    print(os.getcwd())
