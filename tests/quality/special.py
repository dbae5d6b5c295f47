"""special.py - names, addresses, and the special categories of somebody

Their words alone are no evidence: a positive is a sentence about a person who is named
or numbered in it, and what is found must lie in that sentence.  Near misses are texts
about nobody: leaflets, policies, statistics, place names.
"""
import values as v
import words
from kinds import PLAIN, PROVED, Kind

BESIDE = ("person.*", "special.*", "uk.*", "net.*", "police.*", "finance.*", "device.*")


def person(r):
    """Somebody, with what proves it: a date of birth or a number."""
    name = r.choice([words.first(r) + " " + words.last(r), r.choice(["Mr", "Mrs", "Ms"]) + " " + words.last(r),
                     words.last(r).upper() + ", " + words.first(r)])
    proof = r.choice(["DOB " + v.birth(r).strftime("%d/%m/%Y"), "date of birth " + v.birth(r).strftime("%d/%m/%Y"),
                      "NI number " + v.nino(r), "NHS No " + v.nhs(r)])
    return name + ", " + proof


def about(*sentences):
    """A sentence about somebody."""
    return lambda r: words.text_of(words.fill(r, r.choice(sentences), {"who": person(r)}))


def special(rule, positive, nobody, gate=PLAIN):
    Kind(rule, gate, about(*positive), sentences=["{v}"], foreign=nobody, within=True, table=False, allow=BESIDE, block=True)


# The name or the address alone is what is found.
Kind("person.name", PLAIN, lambda r: words.first(r) + " " + words.last(r), family=("person.name-field", "person.name-label"),
     within=True, table=False, allow=("person.*", "uk.*"),
     sentences=["{v}, date of birth {dob}, was seen in {town}.", "{v} (NI number {ni}) started on {date}.", "I spoke to {v}, DOB {dob}, at {time}.",
                "Suspect: {v}, born on {dob}", "Name: {v}\nDOB: {dob}", "NHS No {nhs}, {v}, seen on {date}"],
     own_slots=lambda r: {"dob": v.birth(r).strftime("%d/%m/%Y"), "ni": v.nino(r), "nhs": v.nhs(r)},
     wrong=[lambda r: r.choice(["The Victoria Hotel", "Great Western Railway", "Castle Street", "Monday Morning", "Annual Report", "North Yorkshire Moors",
                                   "Albert Dock", "Queen Elizabeth High", "St John Fisher Primary", "Prince Charles Estate", "Martin Luther King Boulevard", "Chelsea Harbour",
                                   "Chad, Jordan, Georgia", "Israel and Kenya", "Victoria, Australia", "Georgia, USA", "Port Stanley", "Florence Cathedral"])],
     foreign=["{product} by Marks and Spencer, {money}", "The {town} Gazette, {day}", "Turn left into Albert Road.", "King Edward potatoes, {money} a bag",
              "The Prince Albert is a pub in {town}.", "Morris Dancing on {day}", "File menu, Print Preview, then Page Setup"], block=True)

Kind("person.name-field", PLAIN, lambda r: words.last(r), family=("person.name", "person.name-label"), within=True, table=False, allow=("person.*",),
     sentences=["Surname: {v}", "Last name: {v}\nFirst name: {f}", "Family name: {v}"], own_slots=lambda r: {"f": words.first(r)},
     wrong=[lambda r: "", lambda r: "________", lambda r: "(in capitals)"],
     foreign=["File name: report{n}.doc", "Surname and first name are needed.", "Host name: db{n}", "The surname field is optional."], block=True)
Kind("person.name-label", PLAIN, lambda r: r.choice(["Mr ", "Mrs ", "", "Ms "]) + words.first(r) + " " + words.last(r), family=("person.name", "person.name-field"),
     within=True, table=False, allow=("person.*",), sentences=["Name: {v}", "Full name: {v}", "Your name: {v}", "NAME: {v}"],
     wrong=[lambda r: "", lambda r: "________", lambda r: "Print Spooler", lambda r: "Desk Lamp", lambda r: "eth%d" % r.randrange(9)],
     foreign=["Name: kernel{n}", "Product name: Desk Lamp", "Name of the file: a{n}.txt", "name = value{n}", "The name is painted on the door."], block=True)

Kind("uk.address", PLAIN, words.street, within=True, table=False, allow=("person.*", "uk.*"),
     sentences=["{p}, lives at {v}, {town} {pc}", "{p}. Home address {v}, {town}, {pc}.", "Address: {v}, {town} {pc}\n{p}"],
     own_slots=lambda r: {"p": person(r), "pc": v.postcode(r)},
     wrong=[lambda r: "%d miles of road" % r.randrange(2, 90), lambda r: "%d people in the street" % r.randrange(2, 90), lambda r: "Acacia Road"],
     foreign=["{n} Downing minutes of talk", "Platform {n}, Station Road entrance is closed.", "chapter {n} Green Lane of the walk guide", "{n} High Street shops closed in 2019.",
              "A{n} Main Road works until {date}", "{n} Close calls in a year"], block=True)

special("special.health",
        ["{who}, was diagnosed with type 2 diabetes in 2019 and takes insulin.", "{who}. Medical history: epilepsy, asthma.", "{who}, has been signed off work with depression and anxiety.",
         "{who}: diagnosis schizophrenia, medication olanzapine.", "{who}, is pregnant and has asked for a risk assessment.", "{who}, self-harm marker; overdose in March.",
         "{who}. Disability: hearing loss. Uses a wheelchair.", "{who}, HIV positive, hepatitis C."],
        ["Depression is common; talk to somebody.", "The trust treats {n} cases of diabetes a day.", "Cancer research lunch on {day}", "The great depression of the thirties", "epilepsy awareness leaflet, {n} copies",
         "A stroke of luck for the {town} side", "Anxiety over the budget grew in {town}.", "first aid for asthma, page {n}"])
special("special.ethnicity",
        ["{who}, ethnicity: White British.", "{who}. Ethnic origin Black Caribbean.", "{who}, self-defined ethnicity B1.", "{who}: ethnic group Pakistani.", "{who}, described as IC3 male.", "{who}, ethnicity Roma Gypsy."],
        ["Ethnic group is asked in the census.", "{n} per cent are White British.", "Indian restaurant, {town}, {money}", "Chinese New Year is on {date}.", "black paint, {n} litres", "W1 is a district of London."])
special("special.religion",
        ["{who}, religion: Muslim.", "{who}. Religion Sikh, attends the gurdwara.", "{who}, is a practising Catholic.", "{who}: faith Jewish, kosher meals.", "{who}, is a Jehovah's Witness and refuses blood.", "{who}, religion Hindu."],
        ["The church hall is let on {day}.", "Catholic primary school, {town}", "Muslim burial ground, plan {n}", "a kosher deli opened", "Christian names are printed first.", "The temple of the sun, a film"])
special("special.politics",
        ["{who}, is a member of the Labour Party.", "{who}. Political opinion: Conservative voter.", "{who}, Green Party activist, arrested at a protest.", "{who}, joined the Liberal Democrats.", "{who}, political affiliation Plaid Cymru."],
        ["Labour costs rose by {n} per cent.", "a conservative estimate of {money}", "The Labour Party met in {town}.", "green belt", "party wall notice", "reform of the pension scheme"])
special("special.trade-union",
        ["{who}, is a member of Unison.", "{who}. Union membership: GMB.", "{who}, trade union rep for Unite.", "{who}, pays PCS subscriptions by check-off.", "{who}, Police Federation representative."],
        ["The unions were consulted.", "Unite the two halves with glue.", "union jack bunting", "a prospect of rain", "credit union, {town}", "European Union rules"])
special("special.sexual",
        ["{who}, sexual orientation: gay.", "{who}. Sexuality: bisexual.", "{who}, is a lesbian and lives with her wife.", "{who}, gender identity: non-binary, transgender.", "{who}, gender reassignment in 2018."],
        ["Gay Street, {town}", "trans-Pennine route", "transfer of {n} files", "sexual orientation is a protected characteristic", "a gay tune"])
special("special.biometric",
        ["{who}, fingerprints taken, IDENT1 match.", "{who}. DNA profile loaded to NDNAD.", "{who}, facial recognition match at 92%.", "{who}: DNA profile D3S1358 15,17 vWA 16,18 FGA 21,24.", "{who}, iris scan enrolled.", "{who}, palm print and fingerprint set."],
        ["fingerprint of the key: {hex40}", "DNA of a good team", "Wipe fingerprints off the glass.", "the iris bed needs weeding", "password template {n}", "facial tissues, {money}"])
special("special.criminal",
        ["{who}, convicted of theft in 2015 and fined.", "{who}. Previous convictions: burglary, assault.", "{who}, arrested on suspicion of robbery and bailed.", "{who}, sentenced to two years for fraud.",
         "{who}, charged with possession with intent to supply.", "{who}, registered sex offender, SHPO in force.", "{who}, cautioned for harassment."],
        ["Theft from cars rose in {town}.", "assault course, {n} obstacles", "fraud awareness training on {date}", "Murder on the Orient Express, {money}", "A charge of {money} applies.", "battery charged to {n} per cent",
         "burglary insurance", "the arrest of the decline"])
