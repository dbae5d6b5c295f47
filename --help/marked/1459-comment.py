# SECRET//REL TO USA, GBR

import os


def main():
    print(os.getcwd())
