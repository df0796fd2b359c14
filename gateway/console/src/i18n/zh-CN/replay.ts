// The replay of a day at one gate. In Chinese.

export default {
  replay: {
    title: "单日回放",
    place: "通道",
    day: "日期",
    again: "刷新",
    not_whole: "并非全天：只取得最近的部分。",
    empty: "这一天这里没有记录",
    empty_text: "换一个通道或日期。",
    back: "上一步",
    next: "下一步",
    play: "播放",
    pause: "暂停",
    line: "按步回看这一天",
    of: "第 {{at}} 步，共 {{all}} 步",
  },
};
