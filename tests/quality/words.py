"""words.py - the vocabulary of ordinary office papers, and a filler of templates

A template is a sentence with {names} in braces.  What a filler puts in that is itself
an identifier of a weaker kind (a person's name, an address) is marked as something the
scanner may report: it is neither counted as found nor as a false alarm.
"""
import re

import values

FIRST = ("Alice Amir Anneka Arthur Beatrix Callum Chidi Daisy Darius Edith Farah Gareth Harriet Imran Ingrid "
         "Jasmine Kieran Lorna Marcus Nadia Oliver Priya Rhys Rosalind Samuel Tamsin Umar Victor Wendy Yusuf").split()
LAST = ("Aldridge Bexley Birtwistle Chaudhry Crossland Dunmore Eastwood Fairclough Garside Hargreaves Iqbal Jepson "
        "Kowalski Lockwood Mistry Newbold Okafor Pemberton Quigley Ramsbottom Satterthwaite Thackray Underhill "
        "Venables Whitworth Yeadon").split()
STREET = ("Acacia Beech Canal Castle Chapel Dale Elm Foundry Grange Harbour Hawthorn Ivy Kiln Laurel Mill "
          "Orchard Park Quarry Spring Station Victoria Willow").split()
STREET_KIND = "Road Street Lane Avenue Close Drive Terrace Crescent".split()
TOWN = ("Barnby Calderford Eastleigh Fenwick Graymoor Halsham Kirkdale Langthorpe Marsden Northam Otterby Penhurst "
        "Ravensby Silverton Thornley Westerham").split()
COMPANY = ("Brightwell Supplies Ltd|Calder Fabrications Ltd|Denholme Catering Limited|Fellside Motors Ltd|"
           "Greyfriars Textiles plc|Holloway Print LLP|Moorgate Fleet Services Ltd|Northway Joinery Ltd").split("|")
DEPARTMENT = "Estates|Finance|Procurement|Reprographics|Catering|Training|Business Support".split("|")
WEEKDAY = "Monday Tuesday Wednesday Thursday Friday".split()
STATUS = "Open Closed Pending Complete Draft Received Approved".split()
PRODUCT = ("bracket|desk lamp|filing cabinet|toner|hinge|monitor arm|office chair|cable reel|gasket|filter|"
           "whiteboard|extension lead").split("|")

PROSE = """The committee met in the small hall and agreed the minutes of the last meeting without change.
The boiler was serviced and the caretaker asked for two new keys to the side gate.
Members noted that the car park will be resurfaced before the end of the quarter.
Please read the attached note before the workshop and bring your comments.
The delivery came late and one box was damp, so we have asked for a replacement.
A second quotation is awaited; the cheaper of the two will be taken to the board.
Nothing further was raised under this heading and the chair moved on.
The stairs will be closed while the painters are in; use the lift at the back.
Feedback on the new form was good, though several colleagues found it long.
It was agreed to review the arrangement after six months and to report back.
The training room holds twenty; those who come late may have to stand.
We will write again once the contractor has confirmed the dates.
Thank you for your patience while the shelves were moved.
The summer timetable starts next week and the first bus now leaves at seven.
Stock was counted on both floors and the sheets were handed to the storekeeper.""".split("\n")

SLOT = re.compile(r"\{([a-z_0-9.@-]+)\}")


class Piece:
    """A run of text, and what the scanner must or may find in it."""

    __slots__ = ("text", "rules", "must", "within")

    def __init__(self, text, rules=(), must=False, within=False):
        self.text = text
        self.rules = rules
        self.must = must
        self.within = within


def first(r):
    return r.choice(FIRST)


def last(r):
    return r.choice(LAST)


def street(r):
    return "%d %s %s" % (r.randrange(1, 180), r.choice(STREET), r.choice(STREET_KIND))


def recent(r):
    return "%02d/%02d/20%02d" % (r.randrange(1, 29), r.randrange(1, 13), r.randrange(18, 26))


NAMES = ("person.*",)
PLACE = ("uk.address", "person.*")

FILL = {
    "name": (lambda r: first(r) + " " + last(r), NAMES),
    "first": (first, NAMES),
    "last": (last, NAMES),
    "mr": (lambda r: r.choice(["Mr", "Mrs", "Ms", "Miss", "Dr"]) + " " + last(r), NAMES),
    "caps": (lambda r: last(r).upper() + ", " + first(r), NAMES),
    "officer": (lambda r: r.choice(["PC", "DC", "DS", "Sgt", "PS"]) + " %d " % r.randrange(100, 9999) + last(r), NAMES),
    "street": (street, PLACE),
    "town": (lambda r: r.choice(TOWN), PLACE),
    "company": (lambda r: r.choice(COMPANY), NAMES),
    "dept": (lambda r: r.choice(DEPARTMENT), NAMES),
    "day": (lambda r: r.choice(WEEKDAY), ()),
    "date": (recent, ()),
    "time": (lambda r: "%02d:%02d" % (r.randrange(24), r.randrange(60)), ()),
    "status": (lambda r: r.choice(STATUS), ()),
    "product": (lambda r: r.choice(PRODUCT), ()),
    "money": (lambda r: "£%d.%02d" % (r.randrange(3, 4000), r.randrange(100)), ()),
    "n": (lambda r: str(r.randrange(2, 40)), ()),
    "n3": (lambda r: str(r.randrange(100, 999)), ()),
    "n4": (lambda r: str(r.randrange(1000, 9999)), ()),
    "n6": (lambda r: str(r.randrange(100000, 999999)), ()),
    "w": (lambda r: r.choice("kestrel lantern harbour juniper walrus cobble".split()), ()),
    "prose": (lambda r: r.choice(PROSE), ()),
    "hex40": (lambda r: values.pick(r, values.HEX, 40), ()),
    "hex32": (lambda r: values.pick(r, values.HEX, 32), ()),
    "uuid": (values.uuid, ()),
    "ean": (values.ean13, ()),
}


def fill(r, template, slots=None):
    """The template's pieces; `slots` are pieces for names of its own."""
    out, at = [], 0
    for m in SLOT.finditer(template):
        if m.start() > at:
            out.append(Piece(template[at:m.start()]))
        name = m.group(1)
        if slots and name in slots:
            got = slots[name]
            out.append(got if isinstance(got, Piece) else Piece(got))
        else:
            make, rules = FILL[name]
            out.append(Piece(make(r), rules))
        at = m.end()
    if at < len(template):
        out.append(Piece(template[at:]))
    return out


def text_of(pieces):
    return "".join(p.text for p in pieces)
