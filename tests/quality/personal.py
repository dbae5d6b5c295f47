"""personal.py - people, contact, devices, businesses"""
import values as v
import words
from kinds import PLAIN, PROVED, Kind, grouped, lower, plain

# Health ------------------------------------------------------------------------------

Kind(
    "uk.nhs-number", PROVED, v.nhs,
    written=[plain, grouped(3, 3, 4), grouped(3, 3, 4), grouped(3, 3, 4, sep="-")],
    sentences=[
        "I write about the above patient, NHS number {v}, who was seen in clinic on {date}.",
        "NHS No: {v}",
        "Patient: {name}   NHS: {v}   Ward {n}",
        "Please quote your NHS Number ({v}) whenever you contact the surgery.",
        "The GP gave the patient's number as {v} and asked for the letter to be copied to the mother.",
        "The hospital rang at {time} about {mr}, NHS no. {v}, to move the appointment.",
        "nhs number is {v}",
        "Re: {caps} - NHS {v} - referral received {date}",
        "Discharge summary for {mr} (NHS Number {v}).",
        "Can you check whether {v} is the right NHS number for {first}?",
    ],
    labels=["NHS Number", "NHS No", "NHS No.", "nhs_number", "NHSNumber", "Patient NHS number", "NHS", "NHS num"],
    wrong=[v.last_digit_wrong(v.nhs), v.nhs_unlike, lambda r: v.nhs(r) + v.digits(r, 1), lambda r: v.nhs(r)[:9],
           lambda r: "X" + v.nhs(r)],
    foreign=["Order {d} has been dispatched to {town}.", "Tracking number {d}, signed for at {time}.",
             "Your invoice {d} of {date} is overdue.", "Ring the depot on {d} and ask for {first}.",
             "The script stopped at timestamp {d} with no error.", "ISBN {d}, second edition, paperback",
             "Quote job reference {d} when you call the {dept} desk.", "batch {d} passed the final test",
             "Meter serial {d} was read on {date}."],
    foreign_labels=["Order No", "Invoice", "Batch", "Tracking no", "Serial", "Job", "Customer ref"])

Kind(
    "uk.hc-number", PROVED, v.hc, written=[plain, grouped(3, 3, 4), grouped(3, 3, 4)],
    sentences=[
        "Health and Care Number {v}, registered with a practice in {town}.",
        "H&C No {v}",
        "HCN: {v}, transferred from {town} on {date}.",
        "H&C number: {v}",
        "The trust holds {first} under H&C {v} and has sent the notes.",
        "Please bring your medical card; your Health and Care Number is {v}.",
    ],
    labels=["H&C Number", "Health and Care Number", "HCN", "H&C No", "hcn", "Health and Care No"],
    wrong=[v.last_digit_wrong(v.hc), v.nhs_unlike, lambda r: v.hc(r) + "4", lambda r: v.hc(r)[:9]],
    foreign=["Order {d} went to the wrong depot.", "Delivery note {d} of {date}", "The asset tag is {d}.",
             "Invoice {d} was paid twice.", "see ticket {d}"],
    foreign_labels=["Order No", "Ticket", "Delivery note"], allow=("uk.nhs-number",))

Kind(
    "uk.chi-number", PROVED, v.chi, written=[plain, grouped(6, 4), plain],
    sentences=[
        "CHI {v}, admitted {date} from {town}.",
        "CHI number: {v}",
        "Her CHI No is {v}.",
        "The health board holds the record under CHI number {v}.",
        "Community Health Index number {v}",
        "Patient {name}, CHI: {v}, was moved to ward {n}.",
    ],
    labels=["CHI", "CHI Number", "CHI No", "chi_number", "Community Health Index", "CHINumber"],
    wrong=[v.last_digit_wrong(v.chi), lambda r: "%02d" % r.randrange(32, 99) + v.chi(r)[2:],
           lambda r: v.chi(r)[:2] + "%02d" % r.randrange(13, 99) + v.chi(r)[4:], lambda r: v.chi(r)[:8]],
    foreign=["Order {d} is ready.", "The counter stood at {d} on {day}.", "Reference {d} was closed.",
             "part number {d}", "The file is called {d}.dat"],
    foreign_labels=["Order No", "Counter", "Reference"], allow=("uk.nhs-number",))

# Work, tax, school -------------------------------------------------------------------

Kind(
    "uk.nino", PROVED, v.nino,
    written=[plain, plain, grouped(2, 2, 2, 2, 1), grouped(2, 6, 1), grouped(2, 2, 2, 2, 1, sep="-")],
    sentences=[
        "Please confirm your National Insurance number, which we hold as {v}.",
        "NI No: {v}",
        "His NINO is {v} and he starts in {dept} on {date}.",
        "{caps}, NI number {v}, grade {n}.",
        "I have checked {v} against the payroll and the name matches.",
        "P45 received for {name} ({v}), left {date}.",
        "N.I. No. {v}, tax code 1257L",
        "nat ins: {v}",
        "She rang DWP with her number {v} and was told to wait.",
        "Employee {n6}: {name}, {v}, started {date}.",
    ],
    labels=["NI Number", "NINO", "N.I. No.", "National Insurance No", "Nat Ins No", "NI", "ni_number", "nino",
            "National insurance number", "NatInsNo"],
    wrong=[v.nino_bad_prefix, v.nino_bad_suffix, v.nino_long, lambda r: v.nino(r)[:7], lambda r: "QQ123456" + r.choice("ABCD"),
           lambda r: v.nino(r) + v.pick(r, v.UPPER, 2), lambda r: v.pick(r, v.UPPER, 1) + v.nino(r)],
    foreign=["Spare part no {d} is on back order.", "commit {x1}{dl}{x2} fixes the build",
             "Product code {d} (bracket, left) is out of stock.", "Serial number {d}, bought {date}.",
             "uuid {x1}-{dl}-{x2}", "sku {d}, pack of {n}"],
    own_slots=lambda r: {"x1": v.pick(r, v.HEX, 12), "x2": v.pick(r, v.HEX, 11), "dl": v.nino(r).lower()},
    foreign_labels=["Part No", "SKU", "Product code"])

Kind(
    "uk.utr", PROVED, v.utr, written=[plain, grouped(5, 5), plain, lambda x: x + "K"],
    sentences=[
        "Unique Taxpayer Reference: {v}",
        "UTR {v}, return due by 31 January.",
        "HMRC wrote to {mr} under UTR number {v} about the second payment.",
        "The self assessment reference is {v}.",
        "Your Unique Taxpayer Reference (UTR) is {v}.",
        "Contractor {company}, UTR {v}, verified for CIS.",
        "tax reference {v}",
        "My UTR no. is {v}, please update your records.",
    ],
    labels=["UTR", "Unique Taxpayer Reference", "UTR No", "utr", "Tax reference", "Unique Tax Reference", "UTR number"],
    wrong=[v.utr_wrong, v.nhs_unlike, lambda r: v.utr(r)[:9], lambda r: v.utr(r) + "7"],
    foreign=["Order {d} was sent on {date}.", "Payment {d} cleared.", "The container number is {d}.",
             "Booking {d} for {n} people", "neutral {d} volts"],
    foreign_labels=["Order No", "Booking", "Payment id"], allow=("uk.nhs-number",))

Kind(
    "uk.uln", PROVED, v.uln,
    sentences=[
        "ULN: {v}",
        "The learner's ULN is {v}; results are in the LRS.",
        "Unique Learner Number {v}, enrolled {date}.",
        "{name} (ULN {v}) withdrew from the course.",
        "Award claimed for {name}, unique learner number {v}.",
        "uln no {v}",
    ],
    labels=["ULN", "Unique Learner Number", "uln", "ULN No", "Learner ULN", "Unique Learner No"],
    wrong=[lambda r: v.nhs_unlike(r), lambda r: v.uln(r)[:9], lambda r: "0" + v.uln(r)[1:], lambda r: v.uln(r) + "1"],
    foreign=["Order {d} is late.", "Batch {d}, {n} boxes", "Your voucher is {d}.", "asset {d} was scrapped"],
    foreign_labels=["Order No", "Batch", "Asset"], allow=("uk.nhs-number",))

Kind(
    "uk.upn", PROVED, v.upn, written=[plain, plain, lower],
    sentences=[
        "UPN: {v}",
        "{first} joined the school in year {n}, UPN {v}.",
        "The pupil's UPN is {v} and the CTF has been requested.",
        "Unique Pupil Number {v} was entered twice.",
        "Admissions moved UPN {v} from {town} Primary.",
        "unique pupil no. {v}",
    ],
    labels=["UPN", "Unique Pupil Number", "upn", "Pupil UPN", "UPN No", "Pupil number"],
    wrong=[v.upn_wrong, lambda r: v.upn(r)[:12], lambda r: v.upn(r) + "9", lambda r: r.choice("IOS") + v.upn(r)[1:]],
    foreign=["Part {d} is discontinued.", "Licence code {d} expired on {date}.", "lot {d}, {n} pallets", "model {d}"],
    foreign_labels=["Part No", "Lot", "Model"])

# Travel, driving, home ---------------------------------------------------------------

Kind(
    "uk.passport", PROVED, v.passport,
    sentences=[
        "Passport number {v}, issued {date}.",
        "Passport No: {v}",
        "He produced a British passport, number {v}, and a bank statement.",
        "UK passport {v} expires next year.",
        "ID seen: passport {v}, {name}",
        "Her passport no is {v}.",
        "passport # {v}",
        "Right to work: Passport - {v} - copied {date}",
    ],
    labels=["Passport No", "Passport Number", "Passport", "passport_number", "Passport no.", "PassportNo", "UK Passport Number"],
    wrong=[lambda r: v.digits(r, 8), lambda r: v.passport(r) + v.digits(r, 1), lambda r: "1" * 9,
           lambda r: v.pick(r, v.UPPER, 4) + v.digits(r, 5)],
    foreign=["Order {d} arrived on {day}.", "The account {d} was closed.", "Job number {d}", "grid ref {d}",
             "The passport office moved to unit {n}; order {d}."],
    foreign_labels=["Order No", "Account", "Job number"], allow=("uk.nhs-number",))

Kind(
    "id.mrz", PROVED, lambda r: v.mrz(r, words.last(r), words.first(r)), block=True, within=True, table=False,
    sentences=["{v}", "Scan of page two:\n{v}\n", "Passport strip read at the desk\n{v}\nread at {time}"],
    wrong=[lambda r: v.mrz(r, words.last(r), words.first(r), right=False), lambda r: v.mrz(r, words.last(r), words.first(r))[:60],
           lambda r: "P<" * 20 + "\n" + v.digits(r, 44)],
    foreign=["{d}"], foreign_value=lambda r: "<<<<<<<<" + v.digits(r, 30) + "<<<<", allow=("uk.passport", "person.*", "uk.driving-licence"))

Kind(
    "uk.driving-licence", PROVED, v.driver,
    written=[plain, plain, grouped(5, 6, 5), lower, lambda x: x + " 37"],
    sentences=[
        "Driver number {v}, full licence, six points.",
        "Driving licence no: {v}",
        "{first} was stopped on the A{n3} and gave licence {v}.",
        "The hire form shows {v} for the second driver.",
        "DVLA returned {v} as current and unrestricted.",
        "DLN {v}, checked {date}",
        "Licence number: {v}",
        "Photocard seen, {v}, address as above.",
    ],
    labels=["Driving Licence No", "Driver Number", "Licence No", "Licence Number", "driving_licence", "DLN", "Driver No.",
            "Driving licence number"],
    wrong=[v.driver_bad_date, v.driver_bad_day, lambda r: v.driver(r)[:15], lambda r: v.driver(r) + v.pick(r, v.UPPER, 2),
           lambda r: v.pick(r, v.DIGITS, 5) + v.driver(r)[5:]],
    foreign=["Product key {d} is for one machine.", "Activation key: {d}", "part no {d} has been replaced",
             "Licence key for the drawing package: {k}", "serial number {d}"],
    own_slots=lambda r: {"k": "-".join(v.pick(r, v.ALNUM, 5) for _ in range(5))},
    foreign_labels=["Product key", "Serial No", "Part No"])

Kind(
    "uk.brp", PROVED, v.brp, written=[plain, plain, plain],
    sentences=[
        "BRP: {v}",
        "Biometric residence permit number {v}, valid to {date}.",
        "He showed a residence permit, number {v}.",
        "Right to work check: BRP no. {v}, {name}",
        "Her BRP number is {v}.",
        "BRP card {v} was lost in {town}.",
        "The biometric card no {v} ran out in December.",
    ],
    labels=["BRP", "BRP Number", "BRP No", "Residence permit number", "brp_number", "Biometric residence permit"],
    wrong=[lambda r: v.brp(r)[1:], lambda r: v.brp(r) + "7", lambda r: v.brp(r)[:8], lambda r: v.brp(r)[:2] + "A" + v.brp(r)[3:]],
    foreign=["Part {d} fits both doors.", "Unit {d} failed on test.", "flight case {d}", "stock code {d}, {n} left"],
    foreign_labels=["Part No", "Stock code", "Unit"])

Kind(
    "uk.electoral-number", PROVED, v.electoral, written=[plain, plain, grouped(2, 4, sep="-"), grouped(2, 4)],
    sentences=[
        "Electoral number {v}",
        "Elector number: {v}, polling place {town} Hall.",
        "The nomination was signed by {name}, electoral roll number {v}.",
        "elector no. {v}",
        "Your number on the electoral register is {v}.",
        "Proposer {name}, elector no {v}",
    ],
    labels=["Elector Number", "Electoral Number", "Electoral Roll No", "Elector No", "elector_number"],
    wrong=[lambda r: v.pick(r, v.UPPER, 1) + v.digits(r, 4), lambda r: v.electoral(r) + v.digits(r, 5),
           lambda r: v.pick(r, v.UPPER, 5) + v.digits(r, 2)],
    foreign=["Seat {d} by the aisle", "Bay {d} is full.", "Route {d} starts at seven.", "shelf {d}"],
    foreign_labels=["Seat", "Bay", "Shelf"])

Kind(
    "uk.postcode", PLAIN, v.postcode, written=[plain, plain, plain, lambda x: x.replace(" ", "")],
    sentences=[
        "Please send it to {street}, {town}, {v}.",
        "{name}, {street}, {town} {v}",
        "She lives at {street}, {town} {v} with her brother.",
        "Postcode {v}",
        "our address is now Unit {n}, {town} Mill, {v}",
        "Home address: {street}, {town}. {v}",
        "Moved from {v} to {town} in May; the old address is still on the form.",
        "The flat at {v} has been empty since {date}.",
        "deliver to post code {v} before noon",
    ],
    labels=["Postcode", "Post Code", "postcode", "Address postcode", "PostCode", "Postal code", "Post code"],
    wrong=[v.postcode_bad, lambda r: v.postcode(r) + r.choice(v.UPPER), lambda r: "XX" + v.postcode(r)],
    foreign=["The model {d} of RAM is not stocked.", "SKU {d} comes in three sizes.", "serial {d}", "part no {d}, steel",
             "flight {d} was late"],
    foreign_labels=["Model", "SKU", "Part No"], allow=("uk.address", "person.name"))

Kind(
    "uk.uprn", PROVED, v.uprn,
    sentences=[
        "UPRN {v}", "UPRN: {v}, {street}, {town}",
        "The gazetteer gives Unique Property Reference Number {v} for the barn.",
        "Bins missed at UPRN {v} on {day}.", "property {street} (UPRN {v})",
        "Unique property reference number: {v}",
    ],
    labels=["UPRN", "uprn", "Unique Property Reference Number", "Property UPRN", "UPRN No"],
    wrong=[lambda r: v.digits(r, 13), lambda r: "0" * 12, lambda r: v.uprn(r) + "X"],
    foreign=["Order {d} was collected.", "invoice {d}", "The counter reads {d}.", "account {d} closed"],
    foreign_labels=["Order No", "Invoice", "Counter"], allow=("uk.nhs-number", "uk.address"))

Kind(
    "person.date-of-birth", PROVED, v.date_written and (lambda r: v.date_written(r)),
    sentences=[
        "DOB: {v}", "{caps}, d.o.b. {v}, of {town}.", "He was born on {v} in {town}.",
        "Date of birth {v}", "date of birth: {v}", "{mr} (dob {v}) rang at {time}.", "D.O.B {v}",
        "{name}, born {v}, is known to the caller.", "Her date of birth is {v}.", "Birth date: {v}",
        "d of b {v}",
    ],
    labels=["DOB", "Date of Birth", "D.O.B.", "Birth date", "date_of_birth", "dateOfBirth", "Born", "D of B"],
    wrong=[v.date_wrong],
    foreign=["The meeting on {d} was cancelled.", "Issued {d}, expires in two years.", "Invoice dated {d}",
             "The shop was built in 1932 and opened on {d}.", "version of {d}", "Posted {d} by {first}",
             "Next review {d}", "Start {d}, end to be agreed"],
    foreign_labels=["Invoice date", "Start", "Expiry", "Created", "Last login"])

Kind(
    "uk.vrm", PLAIN, v.vrm, written=[plain, plain, lambda x: x.replace(" ", "")],
    sentences=[
        "The vehicle was a silver Ford, registration {v}.", "Index {v} seen leaving at {time}.",
        "VRM {v}", "Car reg {v}, parked on the grass.", "He drives a blue Vauxhall, reg no. {v}.",
        "The van {v} belongs to {company}.", "ANPR hit on {v} at {time}.", "My number plate is {v}.",
        "Courtesy car {v} was handed back with a full tank.", "VW Golf {v} failed its MOT on {date}.",
        "registration mark: {v}",
    ],
    labels=["VRM", "Reg No", "Registration", "Vehicle Reg", "vrm", "Index No", "Registration number", "Number plate",
            "Vehicle registration"],
    wrong=[v.vrm_bad],
    foreign=["Part no {d} fits the older model.", "Product code {d}, sold in tens.", "SKU {d}", "flight {d} at gate {n}",
             "serial {d}"],
    foreign_labels=["Part No", "SKU", "Product code"])

# Contact -----------------------------------------------------------------------------


def mail_address(r):
    who = r.choice([words.first(r).lower() + "." + words.last(r).lower(), words.first(r)[0].lower() + words.last(r).lower(),
                    words.last(r).lower() + str(r.randrange(1, 99)), words.first(r).lower() + "_" + words.last(r).lower(),
                    words.first(r) + "." + words.last(r)])
    host = r.choice(["%s-council.gov.uk", "%s.police.uk", "%smail.co.uk", "mail.%s.org.uk", "%s.nhs.uk", "%sprint.com"])
    return who + "@" + host % r.choice(words.TOWN).lower()


Kind(
    "net.email", PLAIN, mail_address,
    sentences=[
        "Please write to {v} before {day}.", "Email: {v}", "E-mail {v} or ring reception.", "From: {name} <{v}>",
        "cc {v}", "I sent it to {v} and had no answer.", "Contact {first} ({v}) for the code to the door.",
        "reply to {v};", "<a>{v}</a> is the address for complaints", "mailto:{v}",
    ],
    labels=["Email", "E-mail", "Email address", "email", "Mail", "Contact email", "e-mail address"],
    wrong=[lambda r: mail_address(r).replace("@", " at "), lambda r: "@" + mail_address(r).split("@")[1],
           lambda r: mail_address(r).split("@")[0] + "@", lambda r: mail_address(r).rsplit(".", 1)[0].split("@")[0] + "@localhost",
           lambda r: "icon%d@2x.png" % r.randrange(99)],
    foreign=["git@{d} cloned in {n} s", "see @{w} on the noticeboard", "logo@{n}x.png was resized", "user@example.com is an example",
             "{n} apples @ {money}", "array[i]@{n}", "ssh admin@router"],
    foreign_value=lambda r: "server%d:repo/%s.git" % (r.randrange(9), r.choice("abc")))

Kind(
    "uk.phone", PLAIN, v.mobile_written, family=("uk.phone-landline",),
    sentences=[
        "Ring me on {v} after six.", "Mobile: {v}", "His mobile number is {v}.", "tel {v}", "M: {v} | T: ext {n4}",
        "She texted from {v} at {time}.", "Out of hours call {v} and ask for {first}.", "{name} {v}",
        "WhatsApp {v}", "contact no. {v}",
    ],
    labels=["Mobile", "Mobile No", "Phone", "Telephone", "mobile", "Contact number", "Tel", "Mob"],
    wrong=[v.phone_wrong],
    foreign=["Order 0{d} was lost.", "IMEI like number {x15}", "version 07.{n}.{n}", "The value is {x15}.", "barcode {ean}",
             "0.7{n4}{n4} of the total", "account 7{n4}{n4}", "from 07:{n} to 09:{n}"],
    foreign_value=lambda r: v.digits(r, 13),
    own_slots=lambda r: {"x15": v.digits(r, 15)})

Kind(
    "uk.phone-landline", PLAIN, v.landline_written, family=("uk.phone",),
    sentences=[
        "Call {v} for directions.", "Tel: {v}", "Telephone {v}, fax on request.", "The office number is {v}.",
        "phone {v} between nine and five", "Reception can be reached on {v}.", "T: {v}", "Contact {name} on {v}.",
        "Please ring {v} to book.",
    ],
    labels=["Telephone", "Tel", "Phone", "Tel No", "telephone", "Home phone", "Landline", "Work phone", "Contact number"],
    wrong=[v.phone_wrong],
    foreign=["Invoice 0{d}", "order {d}", "The sum is 0.{d}", "part 02-{n4}-{n4}-{n}", "score 01 {n} {n}", "barcode {ean}"],
    foreign_value=lambda r: v.digits(r, 12))

# Devices -----------------------------------------------------------------------------

Kind(
    "net.ip-address", PLAIN, v.ip_public,
    sentences=[
        "The account was used from IP address {v} at {time}.", "IP: {v}", "source IP {v}, port {n4}",
        "Subscriber check on IP {v} was sent to the provider.", "logged in from {v}, client unknown",
        "login of {first} from {v} at {time}", "The complaint came from {v}, an address of a home router.",
        "remote address {v}", "The suspect's IP was {v}.",
    ],
    labels=["IP", "IP Address", "ip_address", "Client IP", "Source IP", "Remote address", "ip", "IPAddress", "src_ip"],
    wrong=[lambda r: "%d.%d.%d.%d" % (r.randrange(256, 999), r.randrange(256), r.randrange(256), r.randrange(256)),
           lambda r: v.ip_public(r) + ".%d" % r.randrange(99), lambda r: v.ip_public(r).rsplit(".", 1)[0]],
    foreign=["version {d} of the driver", "Upgrade to v{d} first.", "Section {d} of the handbook", "firmware {d} installed {date}",
             "release {d} is out", "oid 1.3.6.{d}"],
    foreign_value=lambda r: "%d.%d.%d.%d" % (r.randrange(1, 9), r.randrange(20), r.randrange(20), r.randrange(99)),
    foreign_labels=["Version", "Firmware", "Release"])

Kind(
    "net.mac-address", PLAIN, v.mac_written,
    sentences=[
        "MAC address {v}", "MAC: {v}", "The phone joined the Wi-Fi with MAC {v}.", "ethernet address {v}, port {n}",
        "hw address {v}", "The printer ({v}) is on floor {n}.  Its MAC address was registered on {date}.",
        "wlan0 {v}", "DHCP lease for {v} on {date}",
    ],
    labels=["MAC", "MAC Address", "mac", "mac_address", "Physical address", "Ethernet address", "Wi-Fi MAC", "MACAddress"],
    wrong=[lambda r: v.mac(r) + ":%02x" % r.randrange(256), lambda r: v.mac(r)[:-3], lambda r: v.mac(r)[:-2] + "zz",
           lambda r: v.mac(r) + ":" + v.mac(r)],
    foreign=["fingerprint {d}:{d}", "SHA1 {d}:{d}:{e}", "key id {d}:{d}", "from {n}:00 to {n}:30"],
    foreign_value=v.mac, own_slots=lambda r: {"e": ":".join(v.pick(r, v.HEX, 2) for _ in range(8))})

Kind(
    "device.imei", PROVED, v.imei, written=[plain, plain, grouped(2, 6, 6, sep="-"), grouped(2, 6, 6)],
    sentences=[
        "IMEI {v}", "The handset's IMEI is {v}.", "Seized: one Samsung phone, IMEI number {v}, cracked screen.",
        "iPhone, black, IMEI: {v}", "imei no. {v} was blocked on {date}", "Dial *#06# to see it: IMEI {v}.",
    ],
    labels=["IMEI", "IMEI Number", "imei", "Handset IMEI", "IMEI No", "Device IMEI"],
    wrong=[v.last_digit_wrong(v.imei), lambda r: v.imei(r)[:14], lambda r: v.imei(r) + v.digits(r, 3)],
    foreign=["Order {d} was split.", "barcode {d}", "Timestamp {d}", "the id {d} is not known", "invoice {d}"],
    foreign_labels=["Order No", "Barcode", "Id"], allow=("finance.card-number",))

Kind(
    "device.imsi", PROVED, v.imsi,
    sentences=["IMSI {v}", "The SIM has IMSI {v}.", "IMSI: {v}, attached at {time}", "imsi number {v}",
               "Billing for IMSI {v} was requested on {date}."],
    labels=["IMSI", "imsi", "IMSI Number", "SIM IMSI", "IMSI No"],
    wrong=[lambda r: "999" + v.digits(r, 12), lambda r: v.imsi(r)[:12], lambda r: v.imsi(r) + v.digits(r, 2)],
    foreign=["Order {d} was split.", "barcode {d}", "counter {d}", "the id {d} is not known"],
    foreign_labels=["Order No", "Barcode", "Id"], allow=("finance.card-number",))

Kind(
    "device.iccid", PROVED, v.iccid, written=[plain, plain, grouped(4, 4, 4, 4, 4)],
    sentences=["ICCID {v}", "SIM card ICCID: {v}", "The SIM ({v}) was in the second slot.", "SIM serial number {v}",
               "iccid no. {v} was swapped on {date}", "Printed on the SIM: {v}"],
    labels=["ICCID", "iccid", "SIM number", "SIM ICCID", "ICCID No", "SIM serial"],
    wrong=[v.last_digit_wrong(v.iccid), lambda r: v.iccid(r)[:15], lambda r: v.iccid(r) + v.digits(r, 4),
           lambda r: "12" + v.iccid(r)[2:]],
    foreign=["pallet {d} left {town}", "barcode {d}", "the sum {d} overflowed", "order {d}"],
    foreign_value=lambda r: v.digits(r, 19), foreign_labels=["Pallet", "Barcode", "Order"], allow=("finance.card-number",))

# Businesses --------------------------------------------------------------------------

Kind(
    "uk.vat", PROVED, v.vat,
    written=[plain, grouped(3, 4, 2), lambda x: "GB" + x, lambda x: "GB " + grouped(3, 4, 2)(x)],
    sentences=["VAT No. {v}", "VAT registration number {v}", "VAT Reg No: {v}", "Our VAT number is {v}.",
               "{company}, VAT {v}, {town}", "vat reg {v}"],
    labels=["VAT No", "VAT Number", "VAT Reg No", "vat_number", "VAT registration number", "VAT"],
    wrong=[v.vat_wrong, lambda r: v.vat(r)[:8], lambda r: v.vat(r) + "1"],
    foreign=["Order {d} excludes VAT.", "Total with VAT is {money} on job {d}.", "account {d}", "part {d}"],
    foreign_labels=["Order No", "Job", "Account"], allow=("uk.nhs-number",))

Kind(
    "uk.company-number", PROVED, v.company,
    sentences=["Company number {v}", "Registered in England and Wales no. {v}.", "Company No: {v}",
               "Registered in England, number {v}", "{company} (company number {v})", "Company registration number: {v}",
               "Registered in England No. {v}. Registered office: {street}, {town}.", "Companies House number {v}"],
    labels=["Company Number", "Company No", "company_number", "Company registration number",  "Companies House number"],
    wrong=[lambda r: v.digits(r, 7), lambda r: "0" * 8, lambda r: "QX" + v.digits(r, 6), lambda r: v.digits(r, 9)],
    foreign=["Order {d} was shipped.", "Drawing {d} revision {n}", "Account number {d}", "The date code is {d}."],
    foreign_labels=["Order No", "Drawing", "Date code"], allow=("police.*",))
