# RESTRICTED – FOR POLICE AND PROSECUTION ONLY

import os


def main():
    print(os.getcwd())
