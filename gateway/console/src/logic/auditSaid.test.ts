import { expect, test } from "vitest";
import { wordsOf } from "../testing/words";
import { auditDetail } from "./auditSaid";
import { AUDIT } from "./sentences";

const chinese = await wordsOf("zh-CN");
const english = await wordsOf("en");
const moment = (time: string): string => time.slice(11, 16);

const FILLED = { "#": "locked", "@": "2026-03-02T08:00:00.000Z", "=": "given back", "~": "X9", "": "X9" } as const;
const spoken = (text: string): string =>
  text.replaceAll(/\{([=~#@]?)(\w+)\}/g, (_, kind: keyof typeof FILLED, name: string) => (name === "count" ? "9" : FILLED[kind]));

test.each(Object.entries(AUDIT))("%s is known again, and has words in both languages", (_, text) => {
  expect(auditDetail(chinese, spoken(text), moment)).toMatch(/\p{Script=Han}/u);
  expect(auditDetail(english, spoken(text), moment)).not.toContain("2026-03-02T");
});

test.each([
  ["locked until 2026-03-02T08:00:00.000Z: 演练", "封锁，至 08:00：演练"],
  ["not sent, the node is offline; open_once: 送货", "节点离线，未发送；开启一次：送货"],
  ["normal: over (ordered by li at 2026-03-02T08:00:00.000Z)", "恢复正常：over（li 于 08:00 下令）"],
  ["gate-1/main done, gate-1/side refused", "gate-1/main：已执行；gate-1/side：被拒绝"],
  ["refused no lane main here opens anything", "被拒绝：此处的通道 main 不控制任何门闸"],
  ["raised -> dispatched (guard 李四): 去看看", "由“未确认”改为“已派人”，派出：门卫 李四：去看看"],
  ["raised -> acknowledged", "由“未确认”改为“已确认”"],
  ["acknowledged -> raised: undo", "由“已确认”改为“未确认”：撤销"],
  ["guard, 127.0.0.1, by a recovery code", "门卫，来自 127.0.0.1，使用恢复码"],
  ["code, card, face", "通行码；卡；人脸"],
  ["drill, by screen, reaches guards, police, siren: 演习", "演练，来自屏幕按钮，通知保安；公安；警报器：演习"],
  ["2 templates on ground: written consent; until 2026-12-31", "2 个人脸模板；依据：书面同意；有效期至 2026-12-31"],
  ["GET as police", "公安请求 GET"],
  ["person '王', plate 'A1': s-1 s-2 and 3 more", "人员 '王'；车牌 'A1'：s-1 s-2，另有 3 人"],
  ["name or id, card …C3: p1 p2 and 3 more", "姓名或编号；卡 …C3：p1 p2，另有 3 人"],
  ["plate …345", "车牌 …345"],
  ["guardian 5, whose phone is bound", "第 5 号监护人，其手机已绑定"],
  ["guardian 5 (妈妈): another address", "第 5 号监护人（妈妈）：更换了地址"],
  ["0 plates", "0 个车牌"],
  ["notices: written consent, text 1, by 妈妈, until 2026-12-31", "通行通知：书面同意，同意书版本 1，同意人 妈妈，有效期至 2026-12-31"],
  ["notices: written consent, text 1, until 2026-12-31", "通行通知：书面同意，同意书版本 1，有效期至 2026-12-31"],
  ["clear: own list: clear; police: unavailable", "不在任何名单上：own list：不在任何名单上；公安：没有应答"],
  ['{"known":12,"leave slips":3,"newer":1}', "登记人员通行 12；请假条 3；newer 1"],
  ["{}", "无"],
  ['{"a":1,}', "a 1"],
  ["push-1: expected at least one span, or nobody may ever come", "push-1：至少要有一个时段，否则任何人都不能进入"],
])("in Chinese: %s", (text, words) => {
  expect(auditDetail(chinese, text, moment)).toBe(words);
});

test("what somebody typed, an id and a day stand as they are", () => {
  for (const text of ["送水", "a fire in the kitchen", "2026-03-02", "0f9c", "gate: broken", "all good"]) {
    expect(auditDetail(chinese, text, moment)).toBe(text);
  }
});
