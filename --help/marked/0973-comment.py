# TOP SECRET - AUS/CAN/NZ/UK/US EYES ONLY

import os


def main():
    print(os.getcwd())
