# SECRET//AUSTEO

import os


def main():
    print(os.getcwd())
