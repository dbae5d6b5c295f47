# RESTRICTED - INVESTIGATIONS

import os


def main():
    print(os.getcwd())
