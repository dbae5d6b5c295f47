# TOP SECRET//SI/TK//NOFORN

import os


def main():
    print(os.getcwd())
