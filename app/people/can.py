"""The words of the table of permissions, by room."""

from enum import StrEnum, auto


class Can(StrEnum):
    """Everything that may be allowed; each view names one."""

    # people
    USE_ACCOUNT = auto()
    ASK_FOR_PRACTICE = auto()
    SEE_TEAM = auto()
    MANAGE_TEAM = auto()
    MANAGE_SITES = auto()
    MANAGE_PRACTICES = auto()
    MANAGE_PROGRAM_PEOPLE = auto()
    # standards, program, notices
    READ_STANDARDS = auto()
    READ_SETTINGS = auto()
    CHANGE_SETTINGS = auto()
    READ_NOTICES = auto()
    # documents
    READ_PAPER = auto()
    PRESS_AGAIN = auto()
    # evidence
    READ_BINDER = auto()
    FILL_BINDER = auto()
    # application
    SEE_GATE = auto()
    WATCH_WEBINAR = auto()
    RECORD_WEBINAR = auto()
    SEE_APPLICATIONS = auto()
    OPEN_APPLICATION = auto()
    READ_APPLICATION = auto()
    FILL_APPLICATION = auto()
    GIVE_STEP = auto()
    SIGN_AGREEMENT = auto()
    ASK_FOR_INVOICE = auto()
    RECORD_PAYMENT = auto()
    WAIVE_FEE = auto()
    SUBMIT_APPLICATION = auto()
    RETURN_APPLICATION = auto()
    WITHDRAW_APPLICATION = auto()
    # survey
    SEE_SURVEY_DESK = auto()
    OPEN_SURVEY = auto()
    READ_SURVEY = auto()
    SEE_MY_SURVEYS = auto()
    PROPOSE_SURVEYOR = auto()
    ANSWER_ASSIGNMENT = auto()
    CONFIRM_SURVEYOR = auto()
    DECIDE_OBJECTION = auto()
    SCHEDULE_SURVEY = auto()
    MOVE_SURVEY = auto()
    CANCEL_SURVEY = auto()
    READ_WORKSHEET = auto()
    FILL_WORKSHEET = auto()
    CHECK_WORKSHEET = auto()
    SEE_MY_REVIEWS = auto()
    ANSWER_REVIEW = auto()
    JUDGE_SURVEY = auto()
    # report
    DRAFT_REPORT = auto()
    ISSUE_REPORT = auto()
    READ_REPORT = auto()
    READ_PLAN = auto()
    WRITE_PLAN = auto()
    SUBMIT_PLAN = auto()
    JUDGE_PLAN = auto()
    ORDER_RESURVEY = auto()
    # participation
    SEE_PARTICIPATION = auto()
    ENROL = auto()
    SEE_CHARTS = auto()
    ENTER_CHARTS = auto()
    FREEZE_CHARTS = auto()
    READ_SCORE_REPORT = auto()
    RUN_ROUNDS = auto()
    EXTEND_ROUND = auto()
    # decision
    AWARD = auto()
    READ_CERTIFICATION = auto()
    ORDER_PLAQUE = auto()
    RUN_PLAQUE_DESK = auto()
    RECEIVE_PLAQUE = auto()
    # journey
    SEE_WORK = auto()
    SEE_ROAD = auto()
    SEE_BOARD = auto()
    SEE_LEDGER = auto()
    TURN_CALENDAR = auto()
