# OFFICIAL-SENSITIVE | LEGAL PROFESSIONAL PRIVILEGE

import os


def main():
    print(os.getcwd())
