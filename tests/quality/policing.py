"""policing.py - numbers of offenders and cases, records, intelligence"""
import values as v
from kinds import PLAIN, PROVED, Kind, lower, plain

Kind(
    "police.pnc-id", PROVED, v.pnc_written,
    sentences=["PNC ID {v}", "PNCID: {v}", "The suspect's PNC number is {v}.", "{caps} {date} PNC {v} wanted on warrant",
               "He is recorded as {v} with three warning signals.", "PNC check: {v}, no trace of the second name.",
               "linked to {v} by fingerprints", "nominal {v}"],
    labels=["PNC ID", "PNCID", "PNC No", "pnc_id", "PNC Number", "PNC"],
    wrong=[v.pnc_wrong, lambda r: v.pnc_written(r)[:-1], lambda r: v.pnc_written(r) + r.choice(v.UPPER),
           lambda r: v.pnc_written(r)[:-1] + r.choice("IOS")],
    foreign=["see folder/{d}/index.html", "invoice {w}", "planning application {y}/{n4}{n}/FUL", "FOI {y}/{n6}", "patent {y}/{n6}"],
    own_slots=lambda r: {"w": "20%02d/%s%s" % (r.randrange(10, 26), v.digits(r, 5), r.choice("ABCD")), "y": "20" + v.digits(r, 2)},
    allow=("police.cro-number",))

Kind(
    "police.cro-number", PROVED, v.cro,
    sentences=["CRO number {v}", "CRO: {v}", "CRO No {v}, fingerprints held.", "Previous convictions under CRO {v}.",
               "The defendant ({v}) has nine convictions.", "his criminal record is {v}", "{caps} CRO {v}"],
    labels=["CRO", "CRO No", "CRO Number", "cro_number", "CRO ref"],
    wrong=[v.cro_wrong, lambda r: v.cro(r) + r.choice(v.UPPER), lambda r: v.cro(r)[:-1], lambda r: v.cro(r)[:-1] + r.choice("IOS")],
    foreign=["Invoice {n6}/{n}", "drawing {n4}/{n}", "clause {n}/{n}", "planning application {n4}/{n}/OUT", "batch {n6}/21"],
    allow=("police.pnc-id",))

Kind(
    "police.asn", PROVED, v.asn_short, family=("police.asn-long",),
    sentences=["ASN {v}", "Arrest/Summons number {v}", "He was charged under {v} and bailed.", "ASN: {v}, first hearing {date}.",
               "The custody sergeant entered {v} twice.", "arrest summons no {v}", "offence 1: theft, {v}"],
    labels=["ASN", "Arrest/Summons Number", "asn", "Arrest Summons No", "A/S Number", "ASN Number"],
    wrong=[v.last_letter_wrong(v.asn_short), lambda r: v.asn_short(r)[:-1], lambda r: v.asn_short(r).replace("/", "-"),
           lambda r: v.asn_short(r)[3:]],
    foreign=["drawing {n}/{n4}/01/{n}", "date {date}/{n}", "clause 12/{n4}/AB", "AS{n4} announces the route", "ASN.1 type {n}"])

Kind(
    "police.asn-long", PROVED, v.asn_long, family=("police.asn",),
    sentences=["ASN {v}", "Arrest/Summons number {v}", "ASN: {v}", "A/S number {v} was resulted at court on {date}.",
               "The file for ASN {v} is missing its charge sheet.", "arrest summons no. {v}"],
    labels=["ASN", "Arrest/Summons Number", "asn", "Arrest Summons No", "A/S Number"],
    wrong=[v.last_letter_wrong(v.asn_long), lambda r: v.asn_long(r)[:-1], lambda r: v.asn_long(r)[:15],
           lambda r: v.asn_long(r) + "X"],
    foreign=["Part {d} is obsolete.", "token {hex40}", "container {d}", "AS{n4} is a network"],
    foreign_labels=["Part No", "Container"])

Kind(
    "police.pnc-court-ref", PROVED, v.court_ref,
    sentences=["Court case reference {v}", "CCRN {v}", "The court's reference for the hearing is {v}.",
               "Magistrates' court, case {v}, adjourned to {date}.", "convicted, ref {v}, fined {money}", "CCR: {v}"],
    labels=["Court Case Ref", "CCRN", "Court case reference", "court_case_reference", "Court reference", "CCR"],
    wrong=[v.last_letter_wrong(v.court_ref), lambda r: v.court_ref(r)[:-1], lambda r: v.court_ref(r).replace("/", "-"),
           lambda r: v.court_ref(r)[:-1] + r.choice("IOS")],
    foreign=["Invoice {d} for {money}", "drawing {d} revision {n}", "planning application {n}/{n4}/FUL", "patent {d}"],
    foreign_labels=["Invoice", "Drawing"])

Kind(
    "police.case-urn", PROVED, v.urn,
    written=[plain, plain, lambda x: "/".join((x[:2], x[2:4], x[4:9], x[9:])), lambda x: x[:4] + " " + x[4:9] + " " + x[9:]],
    sentences=["URN: {v}", "Case URN {v}", "CPS file {name}, URN {v}, plea hearing {date}.", "MG5 for URN {v} was sent late.",
               "Unique reference number {v}", "R v {last}, URN {v}", "PTI-URN {v}"],
    labels=["URN", "Case URN", "urn", "PTI URN", "Unique reference number", "CPS URN", "Case URN No"],
    wrong=[lambda r: "99" + v.urn(r)[2:], lambda r: v.urn(r)[:10], lambda r: v.urn(r) + "5", lambda r: v.urn(r)[:4] + v.pick(r, v.UPPER, 5) + v.urn(r)[9:]],
    foreign=["urn:isbn:{ean}", "part {d}", "lot {d}, {n} boxes", "urn:uuid:{uuid}", "the tea urn holds {n} cups"],
    foreign_labels=["Part No", "Lot"])

Kind(
    "police.prison-number", PLAIN, v.prison, written=[plain, plain, plain],
    sentences=["Prison number {v}", "{name}, {v}, HMP {town}", "NOMS number {v}", "NOMIS no {v}, cell {n}",
               "offender {v} was moved to HMP {town} on {date}", "Prisoner number: {v}", "The prisoner ({v}) asked for a visit."],
    labels=["Prison No", "Prison Number", "NOMS ID", "NOMIS No", "noms_number", "Prisoner number", "Offender No"],
    wrong=[lambda r: v.prison(r)[:6], lambda r: v.prison(r) + "7", lambda r: v.prison(r)[1:], lambda r: v.prison(r) + v.pick(r, v.UPPER, 2)],
    foreign=["Part {d} is in stock.", "model {d}", "product code {d} ({n} left)", "flight {d}", "shelf {d}"],
    foreign_labels=["Part No", "Model", "Product code"])

Kind(
    "police.prison-number-old", PLAIN, v.prison_old,
    sentences=["Old prison number {v}", "Prison no {v}, HMP {town}", "HMP {town} held him as prison number {v}.",
               "prison no. {v}, transferred {date}", "Prison number: {v} (old style)"],
    labels=["Prison No", "Prison Number", "Old prison number", "prison_number", "Prisoner No"],
    wrong=[lambda r: v.prison_old(r)[:5], lambda r: v.prison_old(r) + "9", lambda r: v.pick(r, v.UPPER, 3) + v.digits(r, 4)],
    foreign=["Part {d} is in stock.", "flight {d} to {town}", "bus {d}", "model {d}", "room {d}"],
    foreign_labels=["Part No", "Model", "Room"])

Kind(
    "police.delius-crn", PLAIN, v.crn,
    sentences=["CRN {v}", "CRN: {v}", "{name}, CRN {v}, supervised in {town}.", "Probation case reference {v}",
               "Delius CRN {v} was closed on {date}.", "OASys for CRN {v} is overdue.", "case reference number (CRN) {v}"],
    labels=["CRN", "Delius CRN", "crn", "Probation CRN", "CRN No", "Case reference number (CRN)"],
    wrong=[lambda r: v.crn(r)[:6], lambda r: v.crn(r) + "9", lambda r: v.pick(r, v.UPPER, 2) + v.digits(r, 5),
           lambda r: v.digits(r, 7)],
    foreign=["Part {d}", "model {d}", "drawing {d} revision {n}", "grid {d}", "bin {d} is full"],
    foreign_labels=["Part No", "Model", "Drawing"], allow=("uk.company-number", "police.crime-ref"))


def custody(r):
    return "%s%s/%d/%02d" % (r.choice(v.FORCES), v.pick(r, "ABCDEFGHJKLMNPRSTVWXYZ", 2), r.randrange(100, 9999), r.randrange(10, 26))


Kind(
    "police.custody-ref", PLAIN, custody,
    sentences=["Custody record {v}", "Custody record number: {v}", "Custody ref {v}, detention authorised {time}.",
               "Custody no {v}: {name}, released without charge.", "see custody record no. {v}", "CUSTODY RECORD: {v}"],
    labels=["Custody Record", "Custody Record No", "Custody Ref", "custody_record", "Custody Number"],
    wrong=[lambda r: "%d/%02d" % (r.randrange(10), r.randrange(100)), lambda r: v.pick(r, v.UPPER, 6),
           lambda r: custody(r).replace("/", "")],
    foreign=["Drawing {d} revision {n}", "folder {d}", "order {d}", "chapter {n}/{n3}/{n}"],
    foreign_labels=["Drawing", "Folder", "Order"], allow=("police.crime-ref", "police.case-urn"))


def crime(r):
    return r.choice([
        lambda: "%s/%05d/%02d" % (r.choice(v.FORCES), r.randrange(1, 99999), r.randrange(10, 26)),
        lambda: "%s%02d%07d" % (r.choice(v.FORCES), r.randrange(10, 26), r.randrange(1, 9999999)),
        lambda: "CR/%06d/%02d" % (r.randrange(1000, 999999), r.randrange(10, 26)),
        lambda: "%07d/%02d" % (r.randrange(1000000, 9999999), r.randrange(10, 26)),
        lambda: "CRI/06BB/%07d/%02d" % (r.randrange(1000, 99999), r.randrange(10, 26))])()


Kind(
    "police.crime-ref", PLAIN, crime,
    sentences=["Crime reference {v}", "Crime ref: {v}", "Crime number {v}, burglary at {street}.",
               "Occurrence number {v}", "Please quote crime ref no. {v} to your insurer.", "The crime number is {v}.",
               "crime report {v} filed {date}", "occurrence {v} refers", "Your crime reference number is {v}."],
    labels=["Crime Ref", "Crime Reference", "Crime No", "Occurrence Number", "crime_ref", "Crime number", "Crime Reference Number"],
    wrong=[lambda r: v.digits(r, 3), lambda r: v.pick(r, v.UPPER, 8), lambda r: "n/a", lambda r: "not known"],
    foreign=["Invoice {d}", "drawing {d} revision {n}", "order {d} of {date}", "batch {d}", "crime fell by {n} per cent in {town}"],
    foreign_labels=["Invoice", "Drawing", "Order"],
    allow=("police.cro-number", "police.case-urn", "police.custody-ref"))

Kind(
    "police.intel-3x5x2", PROVED,
    lambda r: r.choice("123") + r.choice("ABCDE") + r.choice("PC"),
    written=[plain, plain, lambda x: " ".join(x), lambda x: "/".join(x)],
    sentences=["Intelligence report graded 3x5x2: {v}", "3x5x2 grading {v}", "Intel report, evaluation {v}, do not copy.",
               "Intelligence grading: {v}", "Handling code {v}, source to be protected by the originator.",
               "INTELLIGENCE REPORT\nGrading: {v}"],
    labels=["3x5x2 grade", "Intelligence Grading", "Grading (3x5x2)", "Intel grading", "Evaluation (3x5x2)"],
    wrong=[lambda r: r.choice("4567") + r.choice("ABCDE") + r.choice("PC"), lambda r: r.choice("123") + r.choice("FGHJ") + "P",
           lambda r: r.choice("123") + r.choice("ABCDE") + r.choice("XYZ")],
    foreign=["Seat {d} is taken.", "bay {d}", "size {d} screws", "flat {d}", "grade {n} oak boards"],
    foreign_labels=["Seat", "Bay", "Size"], block=True)

Kind(
    "police.intel-5x5x5", PROVED,
    lambda r: r.choice("ABCDE") + r.choice("12345") + r.choice("12345"),
    written=[plain, plain, lambda x: " ".join(x), lambda x: "/".join(x)],
    sentences=["5x5x5 intelligence report, grading {v}", "5x5x5: {v}", "Intelligence grading {v}",
               "intel log of {date}, evaluation {v}, source unknown", "Graded 5 x 5 x 5: {v}"],
    labels=["5x5x5 grade", "Intelligence Grading", "Grading (5x5x5)", "5x5x5 grading", "Evaluation (5x5x5)"],
    wrong=[lambda r: r.choice("FGH") + r.choice("12345") + r.choice("12345"), lambda r: r.choice("ABCDE") + r.choice("6789") + "1",
           lambda r: r.choice("ABCDE") + r.choice("12345") + r.choice("06789")],
    foreign=["the {d} road is closed", "Seat {d}", "paper size {d}", "bus {d} from {town}", "bay {d}"],
    foreign_labels=["Seat", "Bay", "Room"])

Kind(
    "police.ripa-ref", PROVED,
    lambda r: r.choice(["RIPA/20%02d/%03d", "CHIS/%02d/%04d", "DSA/%02d/%03d", "RIPA/%02d/%05d"]) % (r.randrange(10, 26), r.randrange(1, 999)),
    sentences=["Directed surveillance authorised under {v}.", "Authorisation {v} for covert observation of the unit expires {date}.",
               "The authorising officer cancelled {v}.", "RIPA reference {v}", "{v}: directed surveillance, review due {date}",
               "The covert deployment ({v}) was debriefed."],
    labels=["RIPA Ref", "Authorisation reference", "RIPA URN", "ripa_ref", "Authority ref"],
    wrong=[lambda r: "RIPA 20%02d" % r.randrange(0, 26), lambda r: "RIPX/%s" % v.digits(r, 4), lambda r: "CHIS/"],
    foreign=["The RIPA code of practice, page {n}", "RIPA training on {date}", "DSA section {n}", "folder IPA/beers", "the IPA/lager list"])


def mg(r):
    return r.choice(["MG11 Witness Statement", "MG5 Police Report", "MG3 Report to Crown Prosecutor", "MG6C Schedule of relevant non-sensitive unused material",
                     "MG16 Bad Character", "MG15 Record of Interview", "MG12 Exhibit List", "MG9 Witness List", "MG4 Charge(s)",
                     "MG7 Remand Application", "MG10 Witness Non-Availability", "MG6D Schedule of sensitive unused material"])


Kind(
    "police.mg-form", PLAIN, mg, within=True, table=False,
    sentences=["{v}", "Form {v}", "Attached: {v}, {n} pages", "{v} - R v {last}", "{v}\nURN to follow",
               "Outstanding from the file: {v}"],
    wrong=[lambda r: "MG%d" % r.randrange(22, 99), lambda r: "%d mg witness" % r.randrange(5, 50), lambda r: "OMG 11 statement"],
    foreign=["The MG{n} is a sports car.", "take 5 mg twice a day", "MG motor {n}", "MG5 EV long range, {money}", "{n} MG of zinc"],
    block=True, allow=("police.*",))
