// The office's table of people. In Chinese.

export default {
  table: {
    open: "导入名单",
    title: "导入名单",
    intro:
      "首行为列名（编号、姓名、班级、卡号等）的 CSV 或 Excel 表格，或包含表格和照片的 ZIP：每人一个以编号命名的文件夹，或 编号.jpg、编号-1.jpg。先逐行检查，确认后才导入。",
    file: "表格或 ZIP",
    strays: "不属于表中任何人的照片：{{names}}",
    download: "下载报告",
    ground: "登记依据",
    ground_usual: "学籍管理",
    look: "检查表格",
    looking: "正在检查…",
    would: "可导入 {{enrolled}} 行，有误 {{refused}} 行",
    take: "导入 {{count}} 行",
    taking: "正在导入…",
    done: "已导入 {{enrolled}} 行，未导入 {{refused}} 行",
    row: "第 {{row}} 行",
    enrolled: "可用",
    refused: "有误",
  },
};
