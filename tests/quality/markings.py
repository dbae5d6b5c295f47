"""markings.py - marked documents, and documents that only talk

A marking is measured by document: the right label, or none.  `marks` gives what an
author writes and the label it means; `prose` and `titles` are what has the words of a
marking and is none.
"""
import values as v


class Marking:
    def __init__(self, rule, marks, prose, titles=(), labels=()):
        self.rule = rule
        self.marks = marks    # (as written, label)
        self.prose = prose    # sentences
        self.titles = titles  # lines of their own
        self.labels = labels  # labels before the marking


GSC_LABELS = ["Classification: ", "Security Classification: ", "Protective Marking: ", "GSC: ", "Security marking: "]

MARKINGS = [
    Marking(
        "marking.gscp",
        [("OFFICIAL", "OFFICIAL"), ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"), ("OFFICIAL - SENSITIVE", "OFFICIAL-SENSITIVE"),
         ("OFFICIAL – SENSITIVE", "OFFICIAL-SENSITIVE"), ("OFFICIAL: SENSITIVE", "OFFICIAL-SENSITIVE"),
         ("OFFICIAL SENSITIVE", "OFFICIAL-SENSITIVE"), ("OFFICIAL-SENSITIVE - COMMERCIAL", "OFFICIAL-SENSITIVE"),
         ("OFFICIAL-SENSITIVE [PERSONAL]", "OFFICIAL-SENSITIVE"), ("SECRET", "SECRET"), ("SECRET - UK EYES ONLY", "SECRET"),
         ("TOP SECRET", "TOP SECRET"), ("UK SECRET", "SECRET"), ("OFFICIAL (when complete)", "OFFICIAL"),
         ("OFFICIAL-SENSITIVE - RECIPIENTS ONLY", "OFFICIAL-SENSITIVE"), ("TOP SECRET - UK/US EYES ONLY", "TOP SECRET")],
        ["The official opening of the new hall is on {day}.", "The secret of a good tea is fresh water.", "She works for the Official Receiver in {town}.",
         "An official letter will follow.", "It is no secret that the roof leaks.", "Members signed the Official Secrets Act in 2009.",
         "The ballot is secret and is counted on {date}.", "Visit our official website for the timetable.",
         "Papers marked SECRET or TOP SECRET must be kept in the safe, as the policy says.",
         "Staff should learn when OFFICIAL-SENSITIVE should be used and when OFFICIAL is enough.",
         "The marking OFFICIAL-SENSITIVE is explained in section {n} of the guide.", "A trade secret was alleged by {company}.",
         "The course explains OFFICIAL, SECRET and TOP SECRET in one morning.", "kubectl get secret {w} -o yaml"],
        ["SECRET SANTA", "OFFICIAL OPENING OF THE NEW HALL", "TOP SECRET RECIPES", "OFFICIAL SECRETS ACT 1989", "UNOFFICIAL LEAGUE TABLE",
         "SECRETARY'S REPORT", "OFFICIAL RECEIVER", "OFFICIAL RESULTS", "SECRET GARDEN WALK", "OFFICIAL COPY OF REGISTER OF TITLE"],
        GSC_LABELS),
    Marking(
        "marking.gpms",
        [("NOT PROTECTIVELY MARKED", "NOT PROTECTIVELY MARKED"), ("RESTRICTED", "RESTRICTED"), ("RESTRICTED - INVESTIGATIONS", "RESTRICTED"),
         ("CONFIDENTIAL", "CONFIDENTIAL"), ("RESTRICTED (when complete)", "RESTRICTED"), ("PROTECT - PERSONAL", "PROTECT"),
         ("CONFIDENTIAL - STAFF", "CONFIDENTIAL"), ("RESTRICTED - FOR POLICE AND PROSECUTION ONLY", "RESTRICTED")],
        ["Access to the yard is restricted to staff.", "This email is confidential and may be privileged.", "Please protect the floor while painting.",
         "A confidential reference was asked for.", "The restricted diet starts on {day}.", "Parking is restricted between {n} and {n3}.",
         "We protect children and adults alike.", "Anything marked RESTRICTED under the old scheme is read as the policy says.",
         "The old markings PROTECT, RESTRICTED and CONFIDENTIAL ended in 2014.", "confidential waste goes in the blue bag"],
        ["RESTRICTED AREA", "CONFIDENTIALITY AGREEMENT", "UNRESTRICTED ACCESS", "PROTECTIVE CLOTHING", "RESTRICTED HEADROOM", "PROTECT YOUR HOME THIS WINTER",
         "CONFIDENTIAL WASTE"],
        ["Protective Marking: ", "Protective marking: ", "Classification: ", "GPMS: "]),
    Marking(
        "marking.nato",
        [("NATO RESTRICTED", "NATO RESTRICTED"), ("NATO CONFIDENTIAL", "NATO CONFIDENTIAL"), ("NATO SECRET", "NATO SECRET"),
         ("COSMIC TOP SECRET", "COSMIC TOP SECRET"), ("NATO UNCLASSIFIED", "NATO UNCLASSIFIED")],
        ["NATO ministers met in {town}.", "The NATO secretary general spoke for {n} minutes.", "He collects NATO badges.",
         "Documents marked NATO SECRET go to the registry, the policy says.", "cosmic rays are no secret"],
        ["NATO SECRETARY GENERAL", "NATO REUNION DINNER", "COSMIC TOP TEN"], ["Classification: "]),
    Marking(
        "marking.eu",
        [("RESTREINT UE/EU RESTRICTED", "RESTREINT UE/EU RESTRICTED"), ("CONFIDENTIEL UE/EU CONFIDENTIAL", "CONFIDENTIEL UE/EU CONFIDENTIAL"), ("SECRET UE/EU SECRET", "SECRET UE/EU SECRET")],
        ["The EU restricted substances list was updated.", "EU rules on confidential data changed in {date}.",
         "The EU secretariat answered after {n} days.", "RESTREINT UE/EU RESTRICTED is explained in the handbook, section {n}."],
        ["EU SECRETARIAT", "EU RESTRICTED SUBSTANCES"], ["Classification: "]),
    Marking(
        "marking.tlp",
        [("TLP:RED", "TLP:RED"), ("TLP:AMBER", "TLP:AMBER"), ("TLP:AMBER+STRICT", "TLP:AMBER+STRICT"), ("TLP:GREEN", "TLP:GREEN"), ("TLP:CLEAR", "TLP:CLEAR")],
        ["The light was amber when the van passed.", "tlp: a battery tool for laptops", "A red flag was raised.",
         "The Traffic Light Protocol has four colours, from TLP:RED to TLP:CLEAR.", "rate the risk red, amber or green"],
        ["AMBER ALERT", "RED ROUTE", "GREEN WASTE", "TLP BATTERY TOOL"], ["Distribution: ", "TLP: "]),
]


MARKINGS += [
    Marking(
        "marking.us",
        [("SECRET//NOFORN", None), ("TOP SECRET//SI//NOFORN", None), ("UNCLASSIFIED//FOUO", None), ("SECRET//REL TO USA, GBR", None), ("CUI//SP-PRVCY", None)],
        ["The cuisine of the United States is varied.", "See http://www.{w}.org//page{n}", "(C) {company} 2024", "(S) small, (M) medium, (L) large", "CUI training is on {day}.",
         "The banner SECRET//NOFORN is explained in chapter {n} of the manual."],
        ["CUISINE OF THE NORTH", "(S) SOUTH STAND", "USA TOUR DATES"], ["Classification: "]),
    Marking(
        "marking.au",
        [("PROTECTED//CABINET", None), ("OFFICIAL: Sensitive//Personal-Privacy", None), ("SECRET//AUSTEO", None)],
        ["The protected species of the county are listed.", "The workbook is password protected.", "An Australian visitor came on {day}.", "sec = {n}", "PROTECTED is an Australian marking; the policy explains it."],
        ["PROTECTED CHARACTERISTICS", "PROTECTED SPECIES", "UNPROTECTED ROADS"], ["Classification: "]),
    Marking(
        "marking.police",
        [("FOR POLICE USE ONLY", None), ("POLICE USE ONLY", None), ("LAW ENFORCEMENT SENSITIVE", None), ("FOR POLICE AND PROSECUTION ONLY", None)],
        ["This bay is for police use only.", "Police attended the fete on {day}.", "The matter is highly sensitive.", "a sensitive scale that weighs to {n} grams", "Only the police may use the hut."],
        ["POLICE CYCLE MARKING DAY", "POLICE OPEN DAY", "HIGHLY SENSITIVE SCALES"], ["Handling: "]),
    Marking(
        "marking.label",
        [("NHS CONFIDENTIAL", "NHS CONFIDENTIAL"), ("NHS CONFIDENTIAL: PATIENT IDENTIFIABLE DATA", "NHS CONFIDENTIAL")],
        ["He told it in confidence.", "The NHS confidential helpline opened.", "Set the header in the gateway as the manual says.", "Sensitivity to light is normal."],
        ["NHS CHOIR", "CONFIDENCE IN READING", "INTERNAL DOORS"], ["Classification: "]),
    Marking(
        "marking.foi",
        [("NOT FOR PUBLICATION by virtue of paragraph 7 of Schedule 12A of the Local Government Act 1972", None),
         ("This document is exempt from disclosure under section 31 of the Freedom of Information Act 2000.", None), ("FOIA exemption: Section 40 (personal information)", None)],
        ["Section {n} of the road is closed.", "The publication scheme has seven classes.", "We answer FOI requests in twenty days.", "exempt from VAT", "Free of information overload"],
        ["FREEDOM OF INFORMATION TEAM", "PUBLICATION DATES", "SECTION 31 MEMBERS"], ["", "Note: "]),
]


# Tables with a column of markings: of things that are elsewhere, and of what the rows hold.
COLUMNS = ["Classification", "Protective marking", "Security classification", "GSC marking", "Marking"]
REGISTERS = [["Asset", "Asset owner", "Location"], ["Ref", "Document title", "Owner"], ["File name", "Folder", "Last changed"],
             ["System", "Supplier", "Hosting"], ["Dataset", "Custodian", "Retention"], ["Policy title", "Version", "Review"]]
RECORDS = [["From", "To", "Message"], ["Date", "Source", "Intelligence"], ["Time", "Officer", "Log entry"],
           ["Ref", "Decision", "Rationale"], ["Ref", "Title", "Body"], ["Subject", "Author", "Text"]]


def table(r, headings, tiers, cell):
    """@param cell  makes what stands under a heading"""
    headings = headings + [r.choice(COLUMNS)]
    if r.random() < 0.3:
        headings = headings[-1:] + headings[:-1]
    marked = [r.choice(tiers) for _ in range(r.randrange(2, 12))]
    return headings, [[tier if h in COLUMNS else cell() for h in headings] for tier in marked]


def by_rule():
    return {m.rule: m for m in MARKINGS}


def place(r, text):
    """Where an author puts it: top, foot, both, behind a label."""
    return r.choice(["top", "both", "foot", "header", "label", "both", "header"])
