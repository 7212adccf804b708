"""The change table: what became of topics, and how the method differs."""

from tests.second.scores import Json

LANGUAGES = ["zh-hans", "en"]
ONE_ROW = {"split": "before", "merged": "after"}


def mentioned(inputs: Json) -> list[Json]:
    """Return the rows that people gave: lines of one split, or of one merger, are one row."""
    names_before = {row["code"]: row.get("name") or {} for row in inputs["previous"]["topics"]}
    names_after = {row["code"]: row.get("name") or {} for row in inputs["topics"]}
    rows: list[Json] = []
    together: Json = {}
    for line in inputs.get("successions", []):
        kind, before, after = line["kind"], line["before"], line["after"]
        if kind == "continued":
            old, new = names_before.get(before, {}), names_after.get(after, {})
            if not any(old[code] and new.get(code) and old[code] != new[code] for code in old):
                continue
            kind = "renamed"
        shared = line[ONE_ROW[kind]] if kind in ONE_ROW else None
        row = together.get((kind, shared)) if shared else None
        if row is None:
            row = {"kind": kind, "before": [], "after": [], "reason": line.get("reason") or {}}
            rows.append(row)
            if shared:
                together[kind, shared] = row
        for side, code in (("before", before), ("after", after)):
            if code and code not in row[side]:
                row[side].append(code)
    return rows


def unmentioned(inputs: Json) -> tuple[list[str], list[str]]:
    """Return the topics of last round and of this one on no line."""
    lines = inputs.get("successions", [])
    old = [row["code"] for row in inputs["previous"]["topics"]]
    new = [row["code"] for row in inputs["topics"]]
    return (
        [code for code in old if code not in [line["before"] for line in lines]],
        [code for code in new if code not in [line["after"] for line in lines]],
    )


def rows(inputs: Json) -> list[Json]:
    """Return the rows of the change table: those that people gave, then removed, then added."""
    if not inputs.get("previous"):
        return []
    gone, come = unmentioned(inputs)
    removed = [{"kind": "removed", "before": [code], "after": [], "reason": {}} for code in gone]
    added = [{"kind": "added", "before": [], "after": [code], "reason": {}} for code in come]
    return [*mentioned(inputs), *removed, *added]


def method_changes(inputs: Json) -> list[Json]:
    previous = (inputs.get("previous") or {}).get("method")
    if not previous:
        return []
    now = method_of(inputs)
    reason = inputs.get("method_reason") or {}
    return [
        {
            "kind": "method_changed",
            "aspect": aspect,
            "before": previous.get(aspect),
            "after": now[aspect],
            "reason": reason,
        }
        for aspect in now
        if previous.get(aspect) != now[aspect]
        and (previous.get(aspect) is not None or aspect == "raking")
    ]


def method_of(inputs: Json) -> Json:
    rule = inputs["rule"]
    weights: Json = {}
    for group in inputs["groups"]:
        for code, weight in (group.get("weights") or {}).items():
            weights.setdefault(code, {})[group["code"]] = weight
    return {
        "method_version": inputs.get("method_version", "1"),
        "dimensions": [
            {"code": d["code"], "axis": d.get("axis", "")} for d in inputs["dimensions"]
        ],
        "scale": inputs["scale"],
        "rule": {key: value for key, value in rule.items() if key not in {"weights", "cuts"}},
        "axis_weights": shares(rule["weights"]),
        "cuts": rule.get("cuts"),
        "groups": {code: sorted(members) for code, members in weights.items()} or None,
        "weights": {code: shares(members) for code, members in weights.items()} or None,
        "raking": {
            row["name"]: {
                margin["name"]: {one["name"]: one["share"] for one in margin["categories"]}
                for margin in row["margins"]
            }
            for row in inputs.get("raking", [])
        }
        or None,
        "minimum_group": inputs.get("minimum_group"),
    }


def shares(weights: Json) -> Json:
    total = sum(weights.values())
    return {name: round(value / total, 9) if total else 0.0 for name, value in weights.items()}


def open_questions(inputs: Json) -> list[Json]:
    """Return what must be answered before the table is printed."""
    languages = (inputs.get("assessment") or {}).get("languages") or LANGUAGES
    out = []
    if inputs.get("previous"):
        gone, come = unmentioned(inputs)
        out += [{"kind": "unplaced", "side": "before", "topic": code} for code in gone]
        out += [{"kind": "unplaced", "side": "after", "topic": code} for code in come]
        for row in mentioned(inputs):
            sides = {"before": row["before"], "after": row["after"]}
            out += [
                {"kind": "no_reason", **sides, "language": language}
                for language in languages
                if not row["reason"].get(language, "").strip()
            ]
    changed = method_changes(inputs)
    aspects = [row["aspect"] for row in changed]
    for language in languages:
        if changed and not changed[0]["reason"].get(language, "").strip():
            row = {"kind": "no_reason", "before": [], "after": []}
            out.append({**row, "aspects": aspects, "language": language})
    return out
