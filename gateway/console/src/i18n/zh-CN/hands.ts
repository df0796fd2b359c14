// The guard's hands: letting somebody pass by name and reason, recording it, and undoing a slip. In Chinese.

export default {
  hands: {
    let_pass: "人工放行",
    key_hint: "人工放行（P）",
    waiting: "{{name}} 在{{lane}}被拒绝，放行原因",
    none: "刚被拒绝的人会出现在这里：按一下原因即放行。",
    visitor: "未写姓名的人",
    expected: "预约访客",
    why: "原因：按一下即放行并开门",
    why_forgotten: "忘带卡",
    why_visitor: "访客",
    why_parent: "家长",
    why_delivery: "送货",
    other: "其他原因",
    nameless: "未选人：按未写姓名的人放行。",
    unlisted: "没有找到此人，“{{name}}”将写入原因。",
    said: "{{name}}，通道：{{lane}}（{{why}}）",
    busy: "正在等待节点应答…",
    passed: "已放行，计入通行",
    recorded: "已人工登记，门不是由系统打开的",
    undone: "已撤销，不计入通行",
    undo: "撤销（{{seconds}} 秒）",
    again: "再试一次",
    record: "人工登记",
    record_text: "请自行开门。登记后照常计入通行；节点恢复后也只计一次。",
  },
};
