// Leave slips. In Chinese.

export default {
  leave: {
    title: "请假条",
    short: "请假 {{span}}",
    new: "开请假条",
    begins: "离开",
    ends: "到",
    last_day: "到哪天止",
    by_number: "人员编号 {{id}}",
    collected: "由谁接",
    collected_listed: "登记的接送人",
    collected_alone: "自己离校",
    collected_person: "指定的人",
    collected_plate: "指定的车",
    who: "接送人姓名或编号",
    collector_person: "接送人编号",
    collector_plate: "车牌",
    hint_person: "登记人员的编号",
    hint_plate: "例如 京A12345",
    give: "开出请假条",
    given: "{{name}}：请假条已开出，门口已知",
    end: "作废",
    end_why: "不再需要",
    ended: "{{name}}：请假条已作废",
  },
};
