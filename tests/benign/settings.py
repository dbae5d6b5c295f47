"""Settings of the booking site; secrets come from the environment."""
import os

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
DATABASE_PASSWORD = os.getenv("DB_PASSWORD", "")
password = getpass("Password: ")
token = request.headers.get("Authorization")
api_key = config["api_key"]
SESSION_COOKIE_AGE = 1209600
PAGE_SIZES = (10, 25, 50, 100)
VERSION = (4, 12, 0, 3)
UUID_NAMESPACE = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


def login(user, password):
    if not user.check_password(password):
        raise ValueError("wrong password")
    return make_token(user)
