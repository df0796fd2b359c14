// The replay of a day at one gate. In English.

export default {
  replay: {
    title: "Replay of a day",
    place: "Gate",
    day: "Day",
    again: "Look again",
    not_whole: "Not the whole day: only the latest part could be fetched.",
    empty: "Nothing happened here on this day",
    empty_text: "Choose another gate or day.",
    back: "Back",
    next: "Next",
    play: "Play",
    pause: "Pause",
    line: "The day, step by step",
    of: "step {{at}} of {{all}}",
  },
};
