// The guard's hands: letting somebody pass by name and reason, recording it, and undoing a slip. In English.

export default {
  hands: {
    let_pass: "Let pass",
    key_hint: "Let somebody pass by hand (P)",
    waiting: "{{name}} was refused at {{lane}}: let pass as",
    none: "Whoever is refused stands here: one press on a reason lets them pass.",
    visitor: "Somebody without a name",
    expected: "expected visitor",
    why: "Reason: one press lets them pass, and the lane opens",
    why_forgotten: "No card",
    why_visitor: "Visitor",
    why_parent: "Parent",
    why_delivery: "Delivery",
    other: "Another reason",
    nameless: "Nobody chosen: somebody without a name is let pass.",
    unlisted: "Nobody of that name: {{name}} will stand in the reason.",
    said: "{{name}}, {{lane}} ({{why}})",
    busy: "waiting for the node…",
    passed: "let pass; it counts as a passage",
    recorded: "recorded by hand; the door was not opened by the system",
    undone: "taken back; it counts for nothing",
    undo: "Undo ({{seconds}} s)",
    again: "Try again",
    record: "Record by hand",
    record_text: "Open the door yourself. Recorded, the passage counts all the same, and only once when the node is back.",
  },
};
