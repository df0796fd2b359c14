// The school's year. In Chinese.

export default {
  calendar: {
    title: "校历",
    intro: "作息、假期和调休；几秒内传到各道门。",
    bells: "各班作息",
    no_bells: "还没有设置作息时间。",
    arrive_by: "到校前",
    leave_from: "可离校",
    closes: "清校",
    new_class: "班级",
    add: "添加",
    save: "保存",
    schedules: "时段",
    days: "假期与调休",
    no_days: "没有假期或调休。",
    new_day: "新的一天",
    name: "名称",
    name_hint: "例如 国庆节",
    holds: "这一天",
    off: "放假",
    works_as: "按{{day}}上课",
    set_day: "设置这一天",
    remove: "恢复平常",
  },
};
