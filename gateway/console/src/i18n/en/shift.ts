// The hand-over between shifts. In English.

export default {
  shift: {
    title: "Hand-over",
    now: "This shift",
    since: "since {{time}}",
    emergency: "An emergency or a drill is under way",
    order: "The whole site is under an order: {{what}}",
    offline: "Nothing is heard of: {{nodes}}",
    open: "Cases open",
    closed: "Cases closed",
    raised: "Cases raised",
    passages: "Passages",
    cases: "Handed over open",
    none: "No case is open.",
    before: "Earlier hand-overs",
    was_open_one: "{{count}} case open",
    was_open_other: "{{count}} cases open",
    sign: "Sign",
    sign_text: "{{leaves}} leaves and signs by pressing the button. Whoever comes signs with their own name and password.",
    note: "What the next shift should know",
    comes: "Who comes (user name)",
    password: "Their own password",
    hand_over: "Hand over",
    signed: "Signed by {{leaves}} and {{comes}} at {{time}}. {{comes}} now signs in; please sign out.",
  },
};
