// Live tiles. In English.

export default {
  tile: {
    title: "Live",
    live: "Live",
    late: "Late",
    offline: "Offline",
    blind: "Sees nothing",
    waiting: "Picture on its way…",
    wide: "Larger",
    narrow: "Smaller",
    alt: "What {{camera}} sees now",
  },
};
