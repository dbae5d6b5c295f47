"""finance.py - cards and accounts"""
import values as v
import words
from kinds import PLAIN, PROVED, Kind, plain

Kind(
    "finance.card-number", PROVED, v.card_written,
    sentences=["Card number {v} expires 04/29.", "Visa {v}", "Please take the deposit from my card {v}, security code to follow by phone.",
               "He paid {money} with {v} at the till.", "card: {v}", "Debit card {v} exp 11/28", "Cardholder {mr}, number {v}, valid from 02/24",
               "The caller read out {v} and the operator wrote it down.", "Mastercard ending as below was cloned: {v}",
               "payment by credit card {v}"],
    labels=["Card Number", "Card No", "card_number", "Credit card", "PAN", "Card", "Payment card", "CardNo"],
    wrong=[v.card_wrong, lambda r: v.card(r)[:14] if r.random() < 0.5 else v.card(r)[:12],
           lambda r: (lambda b: b + v.luhn(b))(r.choice("179") + v.digits(r, 14)), lambda r: "**** **** **** " + v.digits(r, 4),
           lambda r: v.card(r) + v.digits(r, 5)],
    foreign=["Order {p} was sent by courier.", "tracking {p}", "https://bugs.example.org/issue/{p}", "testcase-minimized-{p}", "serial {p}",
             "id={p}&page={n}", "timestamp {p}", "{w4} {w4}", "barcode {p}", "ticket {p} was merged", "oss-fuzz issue {p}"],
    own_slots=lambda r: {"p": (lambda b: b + v.luhn(b))(r.choice("45") + r.choice("123456") + v.digits(r, 13)),
                         "w4": " ".join(v.digits(r, 4) for _ in range(r.randrange(5, 9)))},
    foreign_value=v.ean13, foreign_labels=["Barcode", "Order No", "Tracking"])

Kind(
    "finance.card-track", PROVED, lambda r: v.track2(r) if r.random() < 0.6 else v.track1(r, words.last(r), words.first(r)),
    table=False,
    sentences=["{v}", "swipe log: {v}", "track {n}: {v}", "dump recovered from the skimmer {v} end", "emv read {v}"],
    wrong=[lambda r: v.track2(r)[:14], lambda r: ";%s=2813101%s?" % (v.card(r), v.digits(r, 8)),
           lambda r: ";%s=2905201%s?" % (v.card_wrong(r).replace(" ", "").replace("-", ""), v.digits(r, 8)),
           lambda r: "%%A%s^DOE/JO^2905201?" % v.card(r)],
    foreign=["?id={n6}=2905201{n6}", "{hex40}={n6}", "B{n6}^{n}"], allow=("finance.card-number", "person.*"))

Kind(
    "finance.iban", PROVED, v.iban, written=[plain, v.fours, v.fours],
    sentences=["IBAN {v}", "IBAN: {v}", "Please pay into {v}, reference {n6}.", "The money went to account {v} abroad.",
               "Our bank details: IBAN {v}", "Beneficiary {company}, {v}", "transfer from {v} on {date}"],
    labels=["IBAN", "iban", "IBAN Number", "Beneficiary IBAN", "Account (IBAN)", "IBAN No"],
    wrong=[v.iban_wrong, lambda r: v.iban(r)[:-1], lambda r: v.iban(r) + r.choice(v.DIGITS), lambda r: "ZZ" + v.iban(r)[2:]],
    foreign=["Serial {x}", "part {x}", "key {hex40}", "container GB{n6}", "licence {x}"],
    own_slots=lambda r: {"x": v.pick(r, v.UPPER, 2) + v.digits(r, 2) + v.pick(r, v.ALNUM, 16)})


def bic(r):
    return r.choice(["BARC", "NWBK", "LOYD", "HBUK", "MIDL", "ABBY"]) + r.choice(["GB", "IE", "DE", "FR"]) + r.choice(["22", "2L", "4B", "21", "2LXXX", "22XXX"])


Kind(
    "finance.bic", PROVED, bic,
    sentences=["BIC {v} for payments from abroad, bank in {town}.", "SWIFT/BIC: {v} (account in our name)", "IBAN on request, BIC {v}, bank charges shared.",
               "SWIFT code {v}, beneficiary {company}", "For a transfer use SWIFT {v}."],
    labels=["BIC", "SWIFT Code", "BIC/SWIFT", "bic", "SWIFT", "Bank BIC"],
    wrong=[lambda r: bic(r)[:7], lambda r: bic(r)[:4] + "11" + bic(r)[6:8], lambda r: bic(r)[:4] + "QX22"],
    foreign=["The BIC STANDARD is old.", "SWIFT TRANSFERS take {n} days.", "a BIC BALLPOINT", "SWIFT LANGUAGE", "code {d}"],
    foreign_labels=["Code", "Ship name"])


def pair(r):
    return v.sort_code(r) + " " + v.account(r)


Kind(
    "finance.sort-code-account", PLAIN, pair, family=("finance.bank-account",),
    sentences=["Bank details {v}", "Pay by BACS to {v}.", "Sort code and account: {v}", "My account is {v} at the {town} branch.",
               "direct debit from {v}", "refund to {v}, account name {name}", "Payee {company} {v}", "The wages go to a/c {v}."],
    labels=["Bank details", "Account details", "Sort code and account", "bank_details", "Sort Code / Account No", "Bank account"],
    wrong=[lambda r: "00-00-00 " + v.account(r), lambda r: v.sort_code(r)[:7] + " " + v.account(r), lambda r: v.sort_code(r) + " " + v.digits(r, 5),
           lambda r: v.sort_code(r) + " 00000000"],
    foreign=["call log {w} {a}", "ref {w} {a}", "order {w} {a}", "tel log {w} {a}", "{w} {a} kWh"],
    own_slots=lambda r: {"w": "%02d-%02d-%02d" % (r.randrange(1, 29), r.randrange(1, 13), r.randrange(18, 26)), "a": v.digits(r, 8)})


def both(r):
    s, a = v.sort_code(r), v.account(r)
    if r.random() < 0.4:
        s = s.replace("-", r.choice(["", " "]))
    return r.choice(["Sort code: %s Account number: %s", "Sort Code %s, A/C no. %s", "Sort code: %s\nAccount No: %s", "sort code %s account %s",
                     "sortcode=%s; acct=%s", "Sort code - %s - account no - %s", "Account sort code: %s\nAccount number: %s",
                     "Sort code: %s | Account: %s", "Sort Code %s and Account Number %s"]) % (s, a)


Kind(
    "finance.bank-account", PLAIN, both, family=("finance.sort-code-account",), table=False, within=True, block=True,
    sentences=["{v}", "Please pay {company}. {v}", "Bank: {v}", "Remittance to {v}", "Account name {name}\n{v}", "{v} (new from {date})"],
    wrong=[lambda r: "Sort code: __-__-__ Account number: ________", lambda r: "Sort code: %s Account number: %s" % (v.sort_code(r)[:7], v.account(r)),
           lambda r: "Sort code: %s Account number: %s" % (v.sort_code(r), v.digits(r, 6))],
    foreign=["resort code {n}-{n}-{n} account {n6}", "The sort code is on your card.", "sort by code, account and date"])
