# PROTECTED//CABINET

import os


def main():
    print(os.getcwd())
