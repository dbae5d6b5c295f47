"""values.py - identifiers made at run time, with their check digits

Written from the issuers' published rules and not from the product's validators, so that
an error of the one is not an error of the other.  Every function takes the random
generator first and returns the value as its issuer writes it, without decoration.
"""
import base64
import datetime
import json
import string

UPPER = string.ascii_uppercase
DIGITS = string.digits
ALNUM = UPPER + DIGITS
TOKEN = string.ascii_letters + DIGITS
HEX = "0123456789abcdef"
MOD23 = "ZABCDEFGHJKLMNPQRTUVWXY"


def pick(r, letters, n):
    return "".join(r.choice(letters) for _ in range(n))


def digits(r, n):
    return pick(r, DIGITS, n)


def birth(r):
    """A date of birth of somebody who lives."""
    return datetime.date(1935, 1, 1) + datetime.timedelta(days=r.randrange(74 * 365))


def other(r, letters, not_this):
    """A letter of the alphabet that is not this one: a wrong check character."""
    return r.choice([c for c in letters if c != not_this])


# --- health -------------------------------------------------------------------------


def mod11_check(nine):
    left = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1))) % 11
    return {11: "0", 10: None}.get(left, str(left))


def mod11(r, first):
    """Ten digits whose last is the modulus 11 check of the nine before."""
    while True:
        nine = first() if callable(first) else first
        check = mod11_check(nine)
        if check is not None and len(set(nine)) > 2:
            return nine + check


def nhs(r):
    return mod11(r, lambda: r.choice("467") + digits(r, 8))


def hc(r):
    return mod11(r, lambda: "3" + r.choice("23456789") + digits(r, 7))


def chi(r):
    return mod11(r, lambda: birth(r).strftime("%d%m%y") + digits(r, 3))


def last_digit_wrong(make):
    def wrong(r):
        value = make(r)
        return value[:-1] + other(r, DIGITS, value[-1])

    return wrong


def nhs_unlike(r):
    """Ten digits that no modulus 11 scheme issued: neither check comes out."""
    while True:
        ten = r.choice("123456789") + digits(r, 9)
        if mod11_check(ten[:9]) != ten[9] and utr_check(ten[1:]) != ten[0] and not uln_ok(ten):
            return ten


# --- work, tax, school --------------------------------------------------------------


NINO_FIRST = "ABCEGHJKLMNOPRSTWXYZ"
NINO_SECOND = "ABCEGHJKLMNPRSTWXYZ"
NINO_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def nino(r):
    while True:
        prefix = r.choice(NINO_FIRST) + r.choice(NINO_SECOND)
        if prefix not in NINO_NEVER:
            break
    while True:
        six = digits(r, 6)
        if len(set(six)) > 2 and six not in ("123456", "654321"):
            break
    return prefix + six + r.choice("ABCD")


def nino_bad_prefix(r):
    bad = r.choice(["D", "F", "I", "Q", "U", "V"]) + r.choice(UPPER)
    return r.choice([bad, r.choice(sorted(NINO_NEVER)), "A" + r.choice("DFIOQUV")]) + nino(r)[2:]


def nino_bad_suffix(r):
    return nino(r)[:-1] + r.choice("EFGHJKLMNPRSTWXYZ")


def nino_long(r):
    return nino(r)[:-1] + digits(r, 1) + r.choice("ABCD")


def utr_check(nine):
    total = sum(int(d) * w for d, w in zip(nine, (6, 7, 8, 9, 10, 5, 4, 3, 2)))
    return "21987654321"[total % 11]


def utr(r):
    while True:
        nine = digits(r, 9)
        if len(set(nine)) > 3:
            return utr_check(nine) + nine


def utr_wrong(r):
    value = utr(r)
    return other(r, DIGITS[1:], value[0]) + value[1:]


def uln_ok(ten):
    return sum(int(d) * w for d, w in zip(ten, range(10, 0, -1))) % 11 == 10


def uln(r):
    while True:
        nine = r.choice("123456789") + digits(r, 8)
        for check in DIGITS:
            if uln_ok(nine + check):
                return nine + check


def upn(r):
    body = r.choice(["801", "823", "330", "936", "302", "855", "891"]) + digits(r, 4)
    body += "%02d" % r.randrange(2, 25) + digits(r, 3)
    total = sum(int(d) * w for d, w in zip(body, range(2, 14)))
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + body


def upn_wrong(r):
    value = upn(r)
    return other(r, "ABCDEFGHJKLMNPQRTUVWXYZ", value[0]) + value[1:]


def vat(r):
    """97 or 97-55 style, nine digits."""
    while True:
        seven = r.choice("123456789") + digits(r, 6)
        total = sum(int(d) * w for d, w in zip(seven, range(8, 1, -1)))
        check = (97 - total % 97) if r.random() < 0.5 else (97 - (total + 55) % 97)
        if 0 < check < 97:
            return seven + "%02d" % check


def vat_wrong(r):
    while True:
        nine = r.choice("123456789") + digits(r, 8)
        total = sum(int(d) * w for d, w in zip(nine, range(8, 1, -1))) + int(nine[7:])
        if total % 97 != 0 and (total + 55) % 97 != 0:
            return nine


def company(r):
    if r.random() < 0.7:
        return "%08d" % r.randrange(1000000, 16500000)
    return r.choice(["SC", "NI", "OC", "SO", "NC", "LP"]) + "%06d" % r.randrange(10000, 790000)


# --- travel, driving, home ----------------------------------------------------------


def passport(r):
    while True:
        nine = r.choice("1234579") + digits(r, 8)
        if len(set(nine)) > 4 and nine not in ("123456789",):
            return nine


def mrz_sum(text):
    total = 0
    for i, c in enumerate(text):
        v = int(c) if c.isdigit() else 0 if c == "<" else ord(c) - 55
        total += v * (7, 3, 1)[i % 3]
    return str(total % 10)


def mrz(r, surname, given, right=True):
    """Two lines of 44: number, birth and expiry checked, and the whole."""
    number = passport(r)
    born = birth(r).strftime("%y%m%d")
    expiry = "%02d%02d%02d" % (r.randrange(27, 36), r.randrange(1, 13), r.randrange(1, 29))
    number += mrz_sum(number)
    born += mrz_sum(born)
    expiry += mrz_sum(expiry)
    optional = "<" * 14 + "0"
    if not right:
        born = born[:-1] + other(r, DIGITS, born[-1])
    whole = mrz_sum(number + born + expiry + optional)
    names = ("P<GBR%s<<%s" % (surname.upper(), given.upper())).replace("'", "").replace("-", "<")
    return names.ljust(44, "<")[:44] + "\n" + number + "GBR" + born + r.choice("MF") + expiry + optional + whole


def driver(r, surname=None):
    surname = (surname or r.choice(["MARLOW", "FENTON", "OXLEY", "HUME", "TANDY", "BRISCOE"])).upper()
    surname = "".join(c for c in surname if c in UPPER)
    born = birth(r)
    month = born.month + (50 if r.random() < 0.5 else 0)
    return "%s%d%02d%02d%d%s%s%s" % (
        surname[:5].ljust(5, "9"), born.year // 10 % 10, month, born.day, born.year % 10,
        r.choice("ABCDEFGHJKLMNPRSTW") + r.choice("ABCDEFGHJKLMNPRSTW9"), "9",
        pick(r, "ABCDEFGHJKLMNPRSTUVWXYZ", 2))


def driver_bad_date(r):
    value = driver(r)
    return value[:6] + r.choice(["13", "00", "63", "50", "77"]) + value[8:]


def driver_bad_day(r):
    value = driver(r)
    return value[:8] + r.choice(["32", "00", "45", "99"]) + value[10:]


def brp(r):
    return r.choice(["ZU", "RE", "RF", "ZW", "ZR"]) + r.choice("X0123456789") + digits(r, 6)


def electoral(r):
    return pick(r, "ABCDEFGHJKLMNPRSTW", 2) + str(r.randrange(11, 9999))


AREAS = ("B BA BD BH BL BN BS CB CF CH CM CO CR CT CV DA DE DH DL DN DT DY EX FY GL GU HA HD HG HP HR HU "
         "HX IP KT L LA LE LN LS LU M ME MK N NE NG NN NP NR NW OL OX PE PL PO PR RG RH S SA SE SG SK SL "
         "SM SN SO SP SR ST SW SY TA TF TN TQ TR TS W WA WD WF WN WR WS WV YO EH G KY DD AB").split()


def postcode(r):
    area = r.choice(AREAS)
    return "%s%d %d%s" % (area, r.randrange(1, 28 if len(area) == 2 else 20), r.randrange(1, 10),
                          pick(r, "ABDEFGHJLNPQRSTUWXYZ", 2))


def postcode_bad(r):
    value = postcode(r)
    if r.random() < 0.5:
        return value[:-2] + r.choice("CIKMOV") + value[-1]
    return r.choice(["AA", "QA", "XB", "JK", "VV", "OO", "ZZ"]) + value.lstrip(UPPER)


def uprn(r):
    return r.choice(["1000", "10", "2000", "1"]) + digits(r, 7)


def phone_mobile(r):
    return "07" + r.choice(["4", "5", "7", "8", "9"]) + digits(r, 8)


def mobile_written(r):
    n = phone_mobile(r)
    return r.choice([n, n[:5] + " " + n[5:], n[:5] + " " + n[5:8] + " " + n[8:],
                     "+44 " + n[1:5] + " " + n[5:], "+44" + n[1:], "+44 (0)" + n[1:5] + " " + n[5:],
                     n[:4] + " " + n[4:7] + " " + n[7:], "0044 " + n[1:5] + " " + n[5:]])


def landline_written(r):
    if r.random() < 0.4:
        area, rest = r.choice(["0113", "0121", "0161", "0151", "0114", "0117"]), digits(r, 6)
        rest = r.choice("23467") + rest
        return r.choice(["%s %s %s" % (area, rest[:3], rest[3:]), "(%s) %s %s" % (area, rest[:3], rest[3:]),
                         area + rest, "%s-%s-%s" % (area, rest[:3], rest[3:])])
    if r.random() < 0.4:
        rest = r.choice("378") + digits(r, 7)
        return r.choice(["020 %s %s" % (rest[:4], rest[4:]), "(020) %s %s" % (rest[:4], rest[4:]), "020" + rest])
    area = r.choice(["01482", "01904", "01274", "01522", "01603", "01325", "01788", "01273", "01642"])
    rest = r.choice("234567") + digits(r, 5)
    return r.choice([area + " " + rest, "(%s) %s" % (area, rest), area + rest, area + "-" + rest])


def phone_wrong(r):
    return r.choice([
        lambda: "0" + r.choice("46") + digits(r, 9), lambda: "07" + digits(r, 7), lambda: "07" + digits(r, 12),
        lambda: "+33 6 " + " ".join(digits(r, 2) for _ in range(4)), lambda: "+1 (555) %s-%s" % (digits(r, 3), digits(r, 4)),
        lambda: "+49 30 " + digits(r, 8), lambda: "01" + digits(r, 5), lambda: "+31 20 " + digits(r, 7)])()


def date_written(r, d=None):
    d = d or birth(r)
    months = "January February March April May June July August September October November December".split()
    m = months[d.month - 1]
    nth = {1: "st", 2: "nd", 3: "rd"}.get(d.day % 10 if d.day not in (11, 12, 13) else 0, "th")
    return r.choice([
        d.strftime("%d/%m/%Y"), d.strftime("%d/%m/%Y"), d.strftime("%d.%m.%Y"), d.strftime("%d-%m-%Y"),
        "%d/%d/%02d" % (d.day, d.month, d.year % 100), d.strftime("%Y-%m-%d"), "%d %s %d" % (d.day, m, d.year),
        "%d%s %s %d" % (d.day, nth, m, d.year), "%02d %s %d" % (d.day, m[:3], d.year),
        "%02d-%s-%d" % (d.day, m[:3].upper(), d.year), "%d%s of %s %d" % (d.day, nth, m, d.year)])


def date_wrong(r):
    return r.choice([
        "%d/%02d/%d" % (r.randrange(32, 60), r.randrange(1, 13), r.randrange(1950, 2005)),
        "%02d/%02d/%d" % (r.randrange(1, 29), r.randrange(13, 60), r.randrange(1950, 2005)),
        "30/02/%d" % r.randrange(1950, 2005), "31/%02d/%d" % (r.choice([4, 6, 9, 11]), r.randrange(1950, 2005)),
        "%02d/%02d/%d" % (r.randrange(1, 29), r.randrange(1, 13), r.randrange(2070, 2099)),
        "%02d/%02d/1%d" % (r.randrange(1, 29), r.randrange(1, 13), r.randrange(600, 880))])


VRM_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"


def vrm(r):
    age = r.choice(["%02d" % r.randrange(2, 26), "%02d" % r.randrange(51, 76)])
    return pick(r, "ABCDEFGHJKLMNOPRSTUVWXY", 2) + age + " " + pick(r, "ABCDEFGHJKLMNOPRSTUVWXYZ", 3)


def vrm_bad(r):
    value = vrm(r)
    return r.choice([value[:2] + r.choice(["01", "00", "50", "99", "88"]) + value[4:], r.choice("IQZ") + value[1:],
                     value[:-2] + r.choice("IQ") + value[-1], value[:-2], value + r.choice(UPPER)])


# --- devices ------------------------------------------------------------------------


def luhn(body):
    total = 0
    for i, d in enumerate(reversed(body)):
        n = int(d) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def imei(r):
    body = "35" + digits(r, 12)
    return body + luhn(body)


def imsi(r):
    return r.choice(["23410", "23415", "23420", "23430", "23433"]) + digits(r, 10)


def iccid(r):
    body = "8944" + r.choice(["10", "11", "20", "30"]) + digits(r, 12)
    return body + luhn(body)


def mac(r):
    six = ["%02x" % (r.randrange(256) & 0xFE if i == 0 else r.randrange(256)) for i in range(6)]
    return ":".join(six)


def mac_written(r):
    m = mac(r)
    return r.choice([m, m.upper(), m.replace(":", "-").upper(), m.replace(":", "-")])


def ip_public(r):
    return "%d.%d.%d.%d" % (r.choice([5, 31, 37, 46, 51, 62, 77, 81, 86, 92, 109, 151, 176, 188, 212, 213, 217]),
                            r.randrange(1, 255), r.randrange(1, 255), r.randrange(1, 255))


def ip6(r):
    return "2a0%s:%x:%x:%x::%x" % (r.choice("0234"), r.randrange(0x100, 0xFFFF), r.randrange(0x10, 0xFFFF),
                                   r.randrange(0x10, 0xFFFF), r.randrange(0x10, 0xFFFF))


# --- police and courts --------------------------------------------------------------


def mod23(number):
    return MOD23[number % 23]


def pnc(r, year=None):
    year = year or r.randrange(1965, 2026)
    serial = r.randrange(1000, 9999999)
    letter = mod23(int("%02d%07d" % (year % 100, serial)))
    return year, serial, letter


def pnc_written(r):
    year, serial, letter = pnc(r)
    return r.choice(["%d/%07d%s" % (year, serial, letter)] * 2 + ["%02d/%d%s" % (year % 100, serial, letter)])


def pnc_wrong(r):
    year, serial, letter = pnc(r)
    return "%d/%07d%s" % (year, serial, other(r, MOD23, letter))


def cro(r):
    year, serial = r.randrange(60, 100), r.randrange(1000, 999999)
    if r.random() < 0.4:
        year = r.randrange(0, 25)
    return "%d/%02d%s" % (serial, year, mod23(int("%02d%06d" % (year, serial))))


def cro_wrong(r):
    value = cro(r)
    return value[:-1] + other(r, MOD23, value[-1])


FORCES = "01 02 03 04 05 06 07 10 11 12 13 14 16 17 20 21 22 23 30 31 32 33 34 35 36 37 40 41 42 43 44 45 46 47".split()


def asn(r):
    year, force = "%02d" % r.randrange(5, 26), r.choice(FORCES)
    unit = r.choice([pick(r, UPPER.replace("I", "").replace("O", ""), 2), digits(r, 2)])
    system, serial = r.choice(["01", "02"]), r.randrange(100, 999999)
    letter = mod23(int("%s%s%s%011d" % (force, system, year, serial)))
    return year, force, unit, system, serial, letter


def asn_short(r):
    year, force, unit, system, serial, letter = asn(r)
    return "%s/%s%s/%s/%d%s" % (year, force, unit, system, serial, letter)


def asn_long(r):
    year, force, unit, system, serial, letter = asn(r)
    return "%s%s%s%s%011d%s" % (year, force, unit, system, serial, letter)


def last_letter_wrong(make):
    def wrong(r):
        value = make(r)
        return value[:-1] + other(r, MOD23, value[-1])

    return wrong


def court_ref(r):
    year, court, serial = r.randrange(1, 26), r.randrange(100, 3000), r.randrange(1, 999999)
    return "%02d/%04d/%06d%s" % (year, court, serial, mod23(int("%02d%04d%06d" % (year, court, serial))))


def urn(r):
    return "%s%s%05d%02d" % (r.choice(FORCES), pick(r, "ABCDEFGHJKLMNPRSTVWXYZ", 2), r.randrange(1, 99999),
                             r.randrange(10, 26))


def prison(r):
    return "A" + digits(r, 4) + pick(r, "ACDEFGHJKMPQRTVWXYZ", 2)


def prison_old(r):
    return pick(r, "ABCDEFGHJKLMNPRSTVWX", 2) + digits(r, 4)


def crn(r):
    return r.choice("ABCDEFGHJKLMNPSTVX") + digits(r, 6)


# --- money --------------------------------------------------------------------------


def card(r):
    brand = r.random()
    if brand < 0.5:
        body = "4" + r.choice(["929", "539", "462", "751", "658", "543"]) + digits(r, 11)
    elif brand < 0.85:
        body = "5" + r.choice("12345") + digits(r, 13)
    elif brand < 0.95:
        body = r.choice(["34", "37"]) + digits(r, 12)
    else:
        body = "6759" + digits(r, 11)
    if len(set(body)) < 6:
        return card(r)
    return body + luhn(body)


def card_written(r):
    n = card(r)
    if len(n) == 15:
        groups = (n[:4], n[4:10], n[10:])
    else:
        groups = tuple(n[i:i + 4] for i in range(0, 16, 4))
    return r.choice([" ".join(groups), " ".join(groups), "-".join(groups), n])


def card_wrong(r):
    n = card_written(r)
    return n[:-1] + other(r, DIGITS, n[-1])


IBAN_BANK = {
    "GB": lambda r: r.choice(["BARC", "NWBK", "LOYD", "HBUK", "MIDL"]) + digits(r, 14),
    "DE": lambda r: digits(r, 18), "FR": lambda r: digits(r, 23), "IE": lambda r: "AIBK" + digits(r, 14),
    "NL": lambda r: "INGB" + digits(r, 10), "ES": lambda r: digits(r, 20), "PL": lambda r: digits(r, 24),
    "BE": lambda r: digits(r, 12), "NO": lambda r: digits(r, 11),
}


def iban(r):
    country = r.choice(["GB"] * 6 + sorted(IBAN_BANK))
    rest = IBAN_BANK[country](r)
    number = "".join(str(int(c, 36)) for c in rest + country + "00")
    return country + "%02d" % (98 - int(number) % 97) + rest


def iban_wrong(r):
    value = iban(r)
    check = int(value[2:4])
    return value[:2] + "%02d" % (check % 96 + 2 if check % 96 + 2 != check else 50) + value[4:]


def fours(value):
    return " ".join(value[i:i + 4] for i in range(0, len(value), 4))


def sort_code(r):
    return "%d%d-%02d-%02d" % (r.choice([2, 3, 4, 5, 6, 7]), r.randrange(10), r.randrange(1, 99), r.randrange(1, 99))


def account(r):
    while True:
        value = r.choice("12345679") + digits(r, 7)
        if len(set(value)) > 3:
            return value


def track2(r):
    n = card(r)
    return ";%s=%02d%02d201%s?" % (n, r.randrange(26, 34), r.randrange(1, 13), digits(r, 10))


def track1(r, surname, given):
    n = card(r)
    return "%%B%s^%s/%s^%02d%02d201%s?" % (n, surname.upper().replace("'", ""), given.upper(), r.randrange(26, 34),
                                           r.randrange(1, 13), digits(r, 14))


# --- secrets ------------------------------------------------------------------------


def token(r, n, letters=TOKEN):
    """A random token: at least three digits or letters differ, as a real one's do."""
    while True:
        t = pick(r, letters, n)
        if len(set(t)) > min(n, 16) // 2 and any(c.isdigit() for c in t):
            return t


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64(r, n):
    """Base 64 of n random bytes."""
    return base64.b64encode(bytes(r.randrange(256) for _ in range(n))).decode()


def jwt(r):
    head = {"alg": r.choice(["HS256", "RS256", "ES256"]), "typ": "JWT"}
    body = {"sub": token(r, 8), "iat": r.randrange(1500000000, 1800000000)}
    return ".".join([b64url(json.dumps(head).encode()), b64url(json.dumps(body).encode()),
                     b64url(bytes(r.randrange(256) for _ in range(32)))])


def password(r):
    """As people make them: a word or two, digits, a sign."""
    words = ["Gannet", "Kestrel", "Harbour", "Lantern", "Teapot", "Blizzard", "Cobble", "Walrus", "Juniper",
             "Thistle", "Anchor", "Maple", "Quartz", "Ferret", "Saddle", "Bramble"]
    return r.choice([
        lambda: r.choice(words) + str(r.randrange(10, 99)) + r.choice("!$*?"),
        lambda: r.choice(words).lower() + r.choice(words) + str(r.randrange(100, 999)),
        lambda: r.choice(words) + r.choice("!_#") + str(r.randrange(1950, 2025)),
        lambda: pick(r, TOKEN + "!%*+", 11) + str(r.randrange(10)) + "x!",
        lambda: r.choice(words).replace("a", "4").replace("e", "3") + r.choice("!$") + str(r.randrange(10, 99))])()


def uuid(r):
    h = pick(r, HEX, 32)
    return "-".join((h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]))


def isbn10(r):
    return mod11(r, lambda: r.choice("01") + digits(r, 8))


def ean13(r, first="50"):
    body = first + digits(r, 12 - len(first))
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)
