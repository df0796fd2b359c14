"""Whatever sentence node and gateway may say to a page, the page knows it again; its words are tested beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = ROOT / "gateway" / "console" / "src" / "logic" / "sentences"
EDGE, GATEWAY = "edge/zhian_edge", "gateway/zhian_gateway"
#: What is said where: by calls (and which argument of them), or by assignments to a name.
SAID: Mapping[str, tuple[Sequence[str], Mapping[str, int | str]]] = {
    "a configuration": (
        [f"{EDGE}/config/{each}.py" for each in ("*checks", "reading", "toml_errors")]
        + [f"{EDGE}/configuring/receiving.py", f"{GATEWAY}/configurations/looking.py"]
        + ["wire/zhian_wire/configuration.py"],
        {"Finding": 1, "Fault": 2, "PushRefused": 0, "Problem": -1},
    ),
    "a pushed one": (
        [f"{EDGE}/configuring/*.py"],
        {"rolled_back": 2, "_ended": 4, "give_up": 2, "insert": 1, "append": 0},
    ),
    "an order": (
        [f"{EDGE}/delivery/orders.py", f"{EDGE}/acting.py", f"{EDGE}/vision_child.py"],
        {"Answer": "detail", "_answer": 2, "_miss": 1, "_lost": 1, "VisionLost": 1, "_refuse_expired": 0},
    ),
    "an alert": (
        [f"{EDGE}/{each}.py" for each in ("gate", "decision/doors", "decision/telling", "decision/recall", "sight")]
        + [f"{EDGE}/{each}.py" for each in ("process/housekeeping", "delivery/renewal", "hal/services")]
        + [f"{GATEWAY}/{each}.py" for each in ("rules/judging", "nodes/listening", "ingest/keeping", "ingest/reading")]
        + [f"{GATEWAY}/ingest/sorting.py"],
        {"=detail": "", "Actuated": "detail", "Health": "detail"},
    ),
    "a visit": (
        [f"{GATEWAY}/visitors/{each}.py" for each in ("admitting", "ending", "life", "asking", "forgetting")],
        {"Conflict": 0},
    ),
    "a row of a table": (
        [f"{GATEWAY}/people/{each}.py" for each in ("table_rows", "table_importing", "importing", "tables", "bundles")]
        + [f"{GATEWAY}/people/{each}.py" for each in ("uploading", "validity", "cards", "consent")]
        + [f"{GATEWAY}/people/{each}.py" for each in ("dealing", "exchanging", "losses")],
        {"Fault": 1, "Complaint": 1, "BadInput": 0, "PeopleError": 0, "NoGround": 0},
    ),
    "a notice": (
        [f"{GATEWAY}/notices/{each}.py" for each in ("*_post", "channels", "exchange", "sending", "sms/*")],
        {"refused": 0, "unsure": 0},
    ),
    "a photograph": (["models/zhian_models/face/enrol.py"], {"Warn": 1}),
    "a plan and its model": (
        [f"{GATEWAY}/siteplan/{each}.py" for each in ("rules", "glb", "keeping")],
        {"BadInput": 0, "BadModel": 0, "TooBig": 0},
    ),
    "the record": (
        [f"{GATEWAY}/{each}.py" for each in ("attendance/correcting", "attendance/leave", "auth/accounts")]
        + [f"{GATEWAY}/{each}.py" for each in ("auth/credentials", "auth/second", "auth/scope", "backup/writing")]
        + [f"{GATEWAY}/{each}.py" for each in ("backup/restoring", "cases/escalating", "cases/photos", "sealing")]
        + [f"{GATEWAY}/{each}.py" for each in ("emergency/calls", "emergency/muster", "family/carers")]
        + [f"{GATEWAY}/{each}.py" for each in ("family/wishes", "housekeeping", "notices/office", "people/consents")]
        + [f"{GATEWAY}/{each}.py" for each in ("people/agreements", "people/editing", "people/erasing")]
        + [f"{GATEWAY}/{each}.py" for each in ("people/particulars", "people/registry", "people/timetable")]
        + [f"{GATEWAY}/{each}.py" for each in ("shifts/handing", "siteplan/keeping", "visitors/*")]
        + [f"{GATEWAY}/watchlists/entries.py"]
        + [f"{GATEWAY}/api/{each}.py" for each in ("cards", "orders", "hands", "looking", "returning", "uploads")]
        + [f"{GATEWAY}/api/attendance.py"],
        {
            "=detail": "", "=said": "", "=told": "", "=what": "", "_audit": 3, "_seen": 3, "Checked": 1, "note": 3,
            "change": "why", "leave": "why", "forget_face": "why", "withdraw": "why", "_end_each": 2, "_told": "detail",
            "record": "detail",
        },
    ),
}  # fmt: skip
#: Said to a terminal, or to a program that asks wrongly, never to a page.
ELSEWHERE = re.compile(r"^(cannot be read: |is no UTF-8|.*: no such (file|folder)|.*: X9$)")
#: Put together from parts that are known only later; `said.test.ts` has each of them whole.
COMPOSED = {"not TOML: X9 (X9)", "unknown key; X9", "X9, got X9", "X9 s X9"}
#: Likewise of the record; `auditSaid.test.ts` has them.
COMPOSED |= {"step X9: X9 X9", "X9, by X9, reaches X9", "X9 to X9", "to X9: X9 open, X9 raisedX9", "X9 (X9)"}
COMPOSED |= {"a day off", "works as X9"}
BLANK = "X9"
#: Letters that a sentence has itself: one of blanks alone fits everything.
LEAST = 4


def templates() -> list[re.Pattern[str]]:
    """Every sentence that the page knows, as a pattern."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SENTENCES.glob("*.ts")))
    found = re.findall(r"""^  \w+:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'),$""", text, re.MULTILINE)
    raw = [(double or single).replace("\\\\", "\\") for double, single in found]
    assert len(raw) > 200
    parted = [re.split(r"\{[=~*#@]?\w+\}", each) for each in raw]
    telling = [parts for parts in parted if sum(letter.isalpha() for letter in "".join(parts)) >= LEAST]
    return [re.compile(".*?".join(map(re.escape, parts)), re.S) for parts in telling]


KNOWN = templates()
#: Of notices, known by their whole text.
NOTED = set(re.findall(r'said === "([^"]+)"', (SENTENCES.parent / "notice-reasons.ts").read_text(encoding="utf-8")))


def is_known(text: str) -> bool:
    """Whether the page has words for it; what is said of a name is words, too."""
    return text in NOTED or any(pattern.fullmatch(text) for pattern in KNOWN)


def spoken(node: ast.expr, names: Mapping[str, str]) -> Iterator[str]:
    """What an expression may say, with X9 for whatever is known only later."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(next(spoken(part, names), BLANK) for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)) if name in names:
            yield names[name]
        case ast.IfExp(body=one, orelse=other):
            yield from spoken(one, names)
            yield from spoken(other, names)
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from spoken(part, names)
        case ast.Name(id=name) if name in names:
            yield names[name]
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from spoken(part, names)


def constants(tree: ast.Module) -> dict[str, str]:
    """Sentences that have a name in their file."""
    found = {}
    for each in tree.body:
        target = (
            each.target
            if isinstance(each, ast.AnnAssign)
            else each.targets[0]
            if isinstance(each, ast.Assign)
            else None
        )
        value = getattr(each, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            found[target.id] = value.value
    return found


def argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, str):
        return next((word.value for word in call.keywords if word.arg == place), None)
    return call.args[place] if -len(call.args) <= place < len(call.args) else None


def sentences(path: Path, by: Mapping[str, int | str]) -> Iterator[str]:
    """Whatever is said in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            said = argument(node, by[name]) if name in by else None
            if said is not None:
                yield from spoken(said, names)
        elif isinstance(node, ast.Assign):
            targets = node.targets[0]
            named = targets.elts if isinstance(targets, ast.Tuple) else [targets]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for target, value in zip(named, values, strict=False):
                if isinstance(target, ast.Name) and f"={target.id}" in by:
                    yield from spoken(value, names)


def said_by(what: str) -> set[str]:
    places, by = SAID[what]
    files = [path for place in places for path in sorted(ROOT.glob(place))]
    assert len(files) >= len(places)
    found = {text for path in files for text in sentences(path, by)}
    return {text for text in found - COMPOSED if " " in text and not ELSEWHERE.match(text)}


@pytest.mark.parametrize("what", SAID)
def test_every_sentence_is_known_that_is_said_of(what: str) -> None:
    found = said_by(what)
    assert found, "nothing is found any more: the sources say it in another way"
    assert {text for text in found if not is_known(text)} == set()
