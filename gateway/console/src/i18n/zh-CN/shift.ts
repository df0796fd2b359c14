// The hand-over between shifts. In Chinese.

export default {
  shift: {
    title: "交接班",
    now: "本班情况",
    since: "{{time}} 起",
    emergency: "紧急报警或演练正在进行",
    order: "全站正执行命令：{{what}}",
    offline: "失去联系：{{nodes}}",
    open: "未办结",
    closed: "已办结",
    raised: "发生告警",
    passages: "通行",
    cases: "移交的未办结事件",
    none: "没有未办结的事件。",
    before: "以往交接",
    was_open_one: "未办结 {{count}} 件",
    was_open_other: "未办结 {{count}} 件",
    sign: "签字",
    sign_text: "{{leaves}} 交班，按下按钮即为签字。接班人用自己的用户名和密码签字。",
    note: "给下一班的交代",
    comes: "接班人（用户名）",
    password: "接班人自己的密码",
    hand_over: "交接",
    signed: "{{leaves}} 与 {{comes}} 已于 {{time}} 签字。请退出登录，由 {{comes}} 登录。",
  },
};
