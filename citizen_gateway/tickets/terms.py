"""The words of a ticket's life: states, actions, who may act, and what an action must bring."""

from enum import StrEnum

from citizen_gateway.platform.i18n import message


class TicketState(StrEnum):
    """Where a ticket stands."""

    PENDING = "pending"  # 待受理
    ASSIGNED = "assigned"  # 已派单
    ACCEPTED = "accepted"  # 已签收
    IN_PROGRESS = "in_progress"  # 处置中
    ON_HOLD = "on_hold"  # 挂起
    RESOLVED = "resolved"  # 已办结
    CLOSED = "closed"  # 已归档
    REJECTED = "rejected"  # 不予受理
    WITHDRAWN = "withdrawn"  # 已撤回
    MERGED = "merged"  # 已并单


WORKING = (TicketState.ASSIGNED, TicketState.ACCEPTED, TicketState.IN_PROGRESS)
"""States in which a department has the ticket and its clocks run."""

OPEN = (TicketState.PENDING, *WORKING, TicketState.ON_HOLD)
"""States in which the city still owes an answer."""


class Action(StrEnum):
    """What can be done to a ticket."""

    ASSIGN = "assign"  # 派单
    ACCEPT = "accept"  # 签收
    START = "start"  # 处置
    RETURN = "return"  # 退单
    ARBITRATE = "arbitrate"  # 裁定
    TRANSFER = "transfer"  # 改派
    ASSIST = "assist"  # 吹哨
    ANSWER_CALL = "answer_call"  # 报到
    CONVENE = "convene"  # 三跨会商
    CONCLUDE = "conclude"  # 会商结论
    FOLLOW_UP = "follow_up"  # 会商跟踪
    ASK = "ask"  # 补充信息
    ANSWER = "answer"  # 群众补充
    REQUEST_HOLD = "request_hold"  # 申请挂账
    HOLD = "hold"  # 挂账
    REFUSE_HOLD = "refuse_hold"
    RESUME = "resume"  # 解挂
    REQUEST_EXTENSION = "request_extension"  # 申请延期
    EXTEND = "extend"  # 延期
    REFUSE_EXTENSION = "refuse_extension"
    RESOLVE = "resolve"  # 办结
    VERIFY = "verify"  # 核查
    REOPEN = "reopen"  # 重办
    CLOSE = "close"  # 归档
    REJECT = "reject"  # 不予受理
    WITHDRAW = "withdraw"  # 撤回
    MERGE = "merge"  # 并单
    UNMERGE = "unmerge"
    SPLIT = "split"  # 拆单
    URGE = "urge"  # 催办
    SUPERVISE = "supervise"  # 督办


class Who(StrEnum):
    """Who may act."""

    DEPARTMENT = "department"  # handlers and leads of the one that holds it
    ASSISTING = "assisting"  # those of a department called to help
    CENTER = "center"  # of the city, or of a district or street the ticket lies in
    GRID_WORKER = "grid_worker"  # in whose area the ticket lies
    REPORTER = "reporter"  # by session, or by the secret of their receipt
    SYSTEM = "system"


WHO = {
    Who.DEPARTMENT: message("the department that holds it"),
    Who.ASSISTING: message("a department called to assist"),
    Who.CENTER: message("a city operations center"),
    Who.GRID_WORKER: message("a grid worker of the area"),
    Who.REPORTER: message("who reported it"),
    Who.SYSTEM: message("the system"),
}


class Need(StrEnum):
    """What an action must bring, or may."""

    DEPARTMENT = "department"
    DEPARTMENTS = "departments"
    CATEGORY = "category"
    REASON = "reason"
    CAUSE = "cause"
    CODE = "code"
    EVIDENCE = "evidence"
    PHOTOS = "photos"
    QUESTION = "question"
    ANSWER = "answer"
    REVIEW_ON = "review_on"
    UNTIL = "until"
    REPLY = "reply"
    AFTER_PHOTO = "after_photo"  # where the report had a photo
    DONE = "done"
    NOTE = "note"
    CONCLUSION = "conclusion"
    MEETS_ON = "meets_on"
    FOLLOW_UP_ON = "follow_up_on"
    INTO = "into"
    REPORTS = "reports"


class ReturnCode(StrEnum):
    """Why a department gives a ticket back (退单原因)."""

    NOT_OUR_AREA = "not_our_area"  # 不属本区域
    NOT_OUR_DUTY = "not_our_duty"  # 不属本职责
    DUTIES_OVERLAP = "duties_overlap"  # 职责交叉
    TOO_LITTLE_KNOWN = "too_little_known"  # 信息不全
    DUPLICATE = "duplicate"  # 重复


class ReopenCause(StrEnum):
    """Why a ticket goes back to the lead (重办)."""

    UNSATISFIED = "unsatisfied"
    VERIFICATION = "verification"
    CENTER = "center"


class PauseCause(StrEnum):
    """Why a ticket's clocks stand still."""

    QUESTION = "question"  # 补充信息
    HOLD = "hold"  # 挂账


class Level(StrEnum):
    """Which center watches (督办级别), rising."""

    STREET = "street"
    DISTRICT = "district"
    CITY = "city"

    @property
    def next(self) -> "Level":
        """The level above; the city has none."""
        levels = list(Level)
        return levels[min(levels.index(self) + 1, len(levels) - 1)]


class ClockName(StrEnum):
    """Which clock."""

    ACCEPT = "accept"  # 24 × 7 from dispatch until signed for
    RESOLVE = "resolve"  # in working hours, emergencies 24 × 7, until resolved


for _word in (*TicketState, *Action, *Need, *ReturnCode, *ReopenCause, *Level):
    message(_word.value)  # a refusal names states and actions
