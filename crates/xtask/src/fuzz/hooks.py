"""What schemathesis can't know of us: who is signed in, which ids exist, what a right body holds.

Random texts are hardly ever the id of a medicine or somebody's password, so without this nearly every
answer would be a refusal. Every second case of a call with an id in its address gets one that exists, and
every fourth one of some calls a body that does what it says; the others stay as they were drawn.

Each request comes from an address of its own (the server trusts this machine to say so): after a few
wrong passwords an address is slowed, and so would be all that follows.
"""

import atexit
import itertools
import json
import os
import re
import time

import requests
import schemathesis

WEB = os.environ["FUZZ_WEB"] + "/api/v1"
STAND_INS = os.environ["FUZZ_STAND_INS"]
MEMBERS = [name for name in os.environ["FUZZ_MEMBERS"].split(",") if name]
PASSWORD = os.environ["FUZZ_PASSWORD"]
TIME_LIMIT = 30
REQUIRED_CONSENTS = ["terms", "privacy", "age14"]

# How often each call was answered with each status: written where we were told, at the end.
answers = {}
counter = itertools.count(1)
seen = {}


def address():
    number = next(counter)
    side = 1 if MEMBERS else 2
    return f"10.{side * 100 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"


def call(method, path, **more):
    headers = {"X-Forwarded-For": address(), **more.pop("headers", {})}
    return requests.request(
        method, WEB + path, headers=headers, timeout=TIME_LIMIT, **more
    )


class Session:
    """Signed in as the first member who still can; again after whatever has ended it."""

    def __init__(self):
        self.members = list(MEMBERS)
        self.password = PASSWORD
        self.answer = None

    def token(self):
        while self.answer is None:
            if not self.members:
                raise RuntimeError("no member is left who can sign in")
            body = {"loginId": self.members[0], "password": self.password}
            answer = call("POST", "/auth/sessions", json=body)
            if answer.status_code == 201:
                self.answer = answer.json()
            else:
                self.members.pop(0)
                self.password = PASSWORD
        return self.answer["accessToken"]


session = Session()


def catalogue():
    """Ids that exist: of medicines, and of the ingredients of some."""
    if "medicines" not in seen:
        page = call("GET", "/medicines", params={"pageSize": 40}).json()
        seen["medicines"] = [item["id"] for item in page["items"]]
        found = []
        for medicine in seen["medicines"][:8]:
            composition = call("GET", f"/medicines/{medicine}/composition").text
            found += re.findall(r'"(?:ingredientId|id)":"([1-9][0-9]*)"', composition)
        ingredients = [one for one in found if one not in seen["medicines"]]
        seen["ingredients"] = list(dict.fromkeys(ingredients)) or ["1"]
    return seen


def verification():
    """A number that nobody has, asked for; its id and the code of the message."""
    number = f"0103{next(counter):07d}" if MEMBERS else f"0104{next(counter):07d}"
    body = {"phoneNumber": number, "purpose": "signUp"}
    asked = call("POST", "/auth/phone-verifications", json=body)
    if asked.status_code != 202:
        return None
    for _ in range(100):
        messages = requests.get(
            STAND_INS + "/sms/messages", params={"to": number}, timeout=TIME_LIMIT
        ).json()
        if messages:
            code = re.search(r"(?<!\d)\d{6}(?!\d)", messages[0]["content"])
            return asked.json()["verificationId"], code.group()
        time.sleep(0.02)
    return None


def right_id(path, turn):
    known = catalogue()
    if path.startswith("/api/v1/medicines/"):
        return known["medicines"][turn % len(known["medicines"])]
    if path.startswith("/api/v1/ingredients/"):
        return known["ingredients"][turn % len(known["ingredients"])]
    if path.startswith("/api/v1/auth/sessions/") and session.answer:
        return session.answer["sessionId"]
    return None


def right_body(label, turn):
    if label == "POST /api/v1/auth/sessions" and session.members:
        return {"loginId": session.members[0], "password": session.password}
    if label == "POST /api/v1/auth/sessions/refresh" and session.answer:
        return {"refreshToken": session.answer["refreshToken"]}
    if label == "PUT /api/v1/me/password" and session.answer:
        chosen = f"another-password-{turn}"
        return {"currentPassword": session.password, "newPassword": chosen}
    if label == "PATCH /api/v1/me":
        return {"nickname": f"하늘{turn}"}
    if label == "POST /api/v1/auth/phone-verifications":
        return {"phoneNumber": f"010-5{turn:03d}-{turn:04d}", "purpose": "signUp"}
    if label == "POST /api/v1/users" and turn <= 40 and (asked := verification()):
        name, code = asked
        answer = call("POST", f"/auth/phone-verifications/{name}/confirm", json={"code": code})
        return {
            "loginId": f"fuzz{next(counter)}",
            "password": PASSWORD,
            "nickname": f"누구{next(counter)}",
            "email": "somebody@example.com",
            "verificationToken": answer.json()["verificationToken"],
            "consents": [{"kind": kind, "agreed": True} for kind in REQUIRED_CONSENTS],
        }
    return None


def tell():
    with open(os.environ["FUZZ_ANSWERS"], "w", encoding="utf-8") as file:
        json.dump(answers, file, indent=1, sort_keys=True)


atexit.register(tell)
turns = {}


@schemathesis.hook
def before_call(context, case, kwargs):
    label = f"{case.method.upper()} {case.path}"
    turn = turns[label] = turns.get(label, 0) + 1
    if case.headers is None:
        case.headers = {}
    case.headers["X-Forwarded-For"] = address()
    if MEMBERS:
        case.headers["Authorization"] = f"Bearer {session.token()}"
    if turn % 2 == 0 and case.path_parameters and "id" in case.path_parameters:
        if found := right_id(case.path, turn):
            case.path_parameters["id"] = found
    if turn % 2 == 0 and case.path_parameters and "kind" in case.path_parameters:
        kinds = ["sensitive", "marketing", "terms"]
        case.path_parameters["kind"] = kinds[turn % 3]
    if turn % 2 == 0 and label == "GET /api/v1/medicines/compare":
        ids = catalogue()["medicines"]
        case.query = {"ids": f"{ids[turn % len(ids)]},{ids[(turn + 1) % len(ids)]}"}
    if turn % 4 == 0 and (body := right_body(label, turn)) is not None:
        case.body, case.media_type = body, "application/json"
        case.headers.pop("X-Refresh-Transport", None)
    if turn % 8 == 0 and label == "POST /api/v1/auth/phone-verifications/{id}/confirm":
        if turn <= 80 and (asked := verification()):
            case.path_parameters["id"], code = asked
            case.body, case.media_type = {"code": code}, "application/json"


@schemathesis.hook
def after_call(context, case, response):
    label = f"{case.method.upper()} {case.path}"
    statuses = answers.setdefault(label, {})
    status = str(response.status_code)
    statuses[status] = statuses.get(status, 0) + 1
    if not MEMBERS:
        return
    if response.status_code == 204 and label == "PUT /api/v1/me/password":
        session.password = case.body["newPassword"]
    ended = response.status_code == 204 and "/auth/sessions" in case.path
    renewed = response.status_code == 200 and case.path.endswith("/sessions/refresh")
    if ended or renewed or response.status_code == 401:
        session.answer = None
