// Live tiles. In Chinese.

export default {
  tile: {
    title: "实时画面",
    live: "实时",
    late: "延迟",
    offline: "离线",
    blind: "看不见",
    waiting: "画面即将到来…",
    wide: "放大",
    narrow: "缩小",
    alt: "{{camera}} 此刻看到的画面",
  },
};
