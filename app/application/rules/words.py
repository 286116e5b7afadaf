"""The choices of the practice questionnaire. Each word is written once, here, with the label people see."""

from enum import StrEnum

# Labels that do not follow from the word itself.
LABELS = {
    "mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun",
    "owned": "Owned by a hospital, system or insurer",
    "academic": "Independent, with an academic tie",
    "survey_day": "Survey day",
    "oral_prescribing": "Oral prescribing", "oral_dispensing": "Oral dispensing", "take_home_pump": "Take-home pump",
    "paediatric": "Children", "clinical_trials": "Clinical trials", "home_giving": "Giving at home",
    "this_site": "At this site", "other_site": "At another site of ours", "none_needed": "None needed",
    "cabinet": "Containment cabinet", "second_person": "A second person", "not_here": "Not here",
    "cart": "Emergency cart", "aed": "AED", "reaction_kit": "Reaction kit",
    "np": "Nurse practitioner (NP)", "pa": "Physician assistant (PA)", "rn": "Registered nurse (RN)",
    "lpn_ma": "LPN or medical assistant", "abstractor": "Chart abstractor",
    "record": "The electronic record", "separate": "A separate ordering system", "mixed": "Some of each",
    "beside_staff": "Beside one of our staff", "read_only": "A read-only account", "print": "Printed pages",
    "calls": "Telephone calls", "pharmacy": "The pharmacy", "own_clinician": "Our own clinician",
    "blood": "Blood cancers", "lung": "Lung", "gi": "Digestive tract", "gu": "Kidney, bladder, prostate",
    "gyn": "Gynecologic", "other_disease": "Other", "shared_call": "Shared call with other practices",
}  # fmt: skip


class Word(StrEnum):
    """A choice with a label."""

    @property
    def label(self) -> str:
        """What people read."""
        return LABELS.get(self.value) or self.value.replace("_", " ").capitalize()


class YesNo(Word):
    """Yes or no, both said aloud."""

    YES = "yes"
    NO = "no"


class Day(Word):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Country(Word):
    """Where the practice is, ISO 3166; outside the US the fee is by quotation."""

    US = "US"
    CA = "CA"
    MX = "MX"
    BR = "BR"
    ES = "ES"
    PT = "PT"
    GR = "GR"
    IE = "IE"
    GB = "GB"
    SA = "SA"
    AE = "AE"
    IN = "IN"
    PH = "PH"
    JP = "JP"
    AU = "AU"

    @property
    def label(self) -> str:
        """The country's name."""
        return COUNTRIES[self.value]


COUNTRIES = {
    "US": "United States", "CA": "Canada", "MX": "Mexico", "BR": "Brazil", "ES": "Spain", "PT": "Portugal",
    "GR": "Greece", "IE": "Ireland", "GB": "United Kingdom", "SA": "Saudi Arabia", "AE": "United Arab Emirates",
    "IN": "India", "PH": "Philippines", "JP": "Japan", "AU": "Australia",
}  # fmt: skip


class Zone(Word):
    """Time zones of practices, IANA; visit times use them."""

    EASTERN = "America/New_York"
    CENTRAL = "America/Chicago"
    MOUNTAIN = "America/Denver"
    ARIZONA = "America/Phoenix"
    PACIFIC = "America/Los_Angeles"
    ALASKA = "America/Anchorage"
    HAWAII = "Pacific/Honolulu"
    PUERTO_RICO = "America/Puerto_Rico"
    UTC = "UTC"

    @property
    def label(self) -> str:
        """Name and IANA key."""
        return f"{self.name.replace('_', ' ').title()} ({self.value})" if self is not Zone.UTC else "UTC"


class Language(Word):
    """Languages in which patients are cared for."""

    ENGLISH = "english"
    SPANISH = "spanish"
    CHINESE = "chinese"
    VIETNAMESE = "vietnamese"
    TAGALOG = "tagalog"
    ARABIC = "arabic"
    FRENCH = "french"
    PORTUGUESE = "portuguese"
    SIGN = "sign_language"
    OTHER = "other"


class Affiliation(Word):
    """Whose the practice is."""

    INDEPENDENT = "independent"
    ACADEMIC = "academic"
    OWNED = "owned"
    FELLOWSHIP = "fellowship_program"


class ContactRole(Word):
    """What a contact answers for."""

    LEAD_PHYSICIAN = "lead_physician"
    ADMINISTRATOR = "administrator"
    SURVEY_DAY = "survey_day"
    BILLING = "billing"
    QUALITY = "quality"
    PHARMACY = "pharmacy_lead"
    NURSING = "nursing"


class Service(Word):
    """What is done at a site; it decides which standards can apply."""

    INFUSION = "infusion"
    INJECTION = "injection"
    ORAL_PRESCRIBING = "oral_prescribing"
    ORAL_DISPENSING = "oral_dispensing"
    PUMP = "take_home_pump"
    INTRATHECAL = "intrathecal"
    PAEDIATRIC = "paediatric"
    TRIALS = "clinical_trials"
    HOME = "home_giving"


class Prepared(Word):
    """Where the drugs for a site are prepared."""

    HERE = "this_site"
    OTHER_SITE = "other_site"
    HOSPITAL = "hospital_pharmacy"
    OUTSIDE = "outside_pharmacy"
    NONE = "none_needed"


class Containment(Word):
    """What protects those who prepare."""

    CABINET = "cabinet"
    ISOLATOR = "isolator"
    CLOSED_TRANSFER = "closed_transfer"


class Verify(Word):
    """How a preparation is checked."""

    SECOND_PERSON = "second_person"
    BARCODE = "barcode"
    WEIGHT = "weight"
    CAMERA = "camera"
    NOT_HERE = "not_here"


class Emergency(Word):
    """What is at hand in an emergency."""

    CART = "cart"
    AED = "aed"
    OXYGEN = "oxygen"
    SUCTION = "suction"
    REACTION_KIT = "reaction_kit"
    NONE = "none"


class StaffRole(Word):
    """Who works at a site."""

    ONCOLOGIST = "oncologist"
    PHYSICIAN = "other_physician"
    NP = "np"
    PA = "pa"
    RN = "rn"
    LPN_MA = "lpn_ma"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"
    SOCIAL_WORKER = "social_worker"
    NAVIGATOR = "navigator"
    ABSTRACTOR = "abstractor"
    FRONT_DESK = "front_desk"


class Task(Word):
    """What a role does with the drugs."""

    ORDER = "order"
    PREPARE = "prepare"
    VERIFY = "verify"
    GIVE = "give"
    NONE = "none"


class Disease(Word):
    """Disease groups; the shares add up to 100."""

    BREAST = "breast"
    LUNG = "lung"
    GI = "gi"
    GU = "gu"
    GYN = "gyn"
    BLOOD = "blood"
    OTHER = "other_disease"


class OrderSystem(Word):
    """What orders are written in."""

    RECORD = "record"
    SEPARATE = "separate"
    PAPER = "paper"
    MIXED = "mixed"


class OralTracking(Word):
    """How people on tablets are followed."""

    RECORD = "record"
    CALLS = "calls"
    PHARMACY = "pharmacy"
    NONE = "none"


class RecordAccess(Word):
    """How a surveyor reads records."""

    BESIDE = "beside_staff"
    READ_ONLY = "read_only"
    PRINT = "print"


class AfterHours(Word):
    """Who answers patients after hours."""

    OWN = "own_clinician"
    SHARED = "shared_call"
    NURSE_LINE = "nurse_line"
    HOSPITAL = "hospital"


class ReviewPace(Word):
    """How often events are reviewed."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    NEVER = "never"
