import { expect, test } from "vitest";
import { wordsOf } from "../testing/words";
import { said, saidLines } from "./said";
import { SENTENCES } from "./sentences";

const chinese = await wordsOf("zh-CN");
const english = await wordsOf("en");
/** A sentence as it would be said: strict blanks hold another sentence, the others some value. */
const spoken = (text: string): string =>
  text.replaceAll(/\{([=~*]?)(\w+)\}/g, (_, kind: string, name: string) => (kind === "=" ? (name === "kind" ? "a number" : name === "state" ? "inside" : name === "step" ? "admit" : "a text") : "X9"));

test.each(Object.entries(SENTENCES))("%s is known again, and has words in both languages", (_, text) => {
  expect(said(chinese, spoken(text))).toMatch(/\p{Script=Han}|^\P{L}*X9/u);
  expect(said(english, spoken(text))).not.toBeNull();
});

test("a sentence in English is said as it was", () => {
  for (const text of ['no lane "east"; expected one of main, back', "3.2 s ahead", "a.jpg: no face was found", "missing; expected a whole number"]) {
    expect(said(english, text)).toBe(text);
  }
});

test.each([
  ['no lane "east"; there is no [[lanes]] at all', "没有通道“east”；根本没有 [[lanes]]"],
  ['expected one of "card", "face", got "key"', '应为以下之一："card", "face"，现为 "key"'],
  ["expected a whole number >= 1, got 0", "应为不小于 1 的整数，现为 0"],
  ["unknown key; did you mean lane?", "没有这个键；是不是 lane？"],
  ["3.2 s ahead", "快 3.2 秒"],
  ["undelivered: 120 events wait", "事件积压未送达：有 120 条事件等待发送"],
  ["lost: /dev/ttyUSB0 says nothing", "无法连接"],
  ["killed: signal 9", "进程中断：信号 9"],
  ["not well in time: the gateway is not reached; camera gate: no_frames; and 2 more", "未能按时恢复正常：连不上网关；摄像机 gate：没有画面；还有 2 项"],
  ["recognition was taken back on 2026-09-02; only a later consent counts", "人脸识别同意已于 2026-09-02 撤回，之后的同意才有效"],
  ["the visit is inside", "该来访在内"],
  ["office: answered 500", "office：服务商返回 500"],
])("in Chinese: %s", (text, words) => {
  expect(said(chinese, text) ?? text).toBe(words);
});

test("what somebody typed, and what nobody knows, has no words", () => {
  for (const text of ["a fire in the kitchen", "着火了", "7", "x > 3", "name: value", ""]) expect(said(chinese, text)).toBeNull();
});

test("a faulty draft is said line by line, lines without words as they are", () => {
  expect(saidLines(chinese, "3: node: stands twice\nsomething else")).toBe("3：node：出现两次\nsomething else");
  expect(saidLines(chinese, "one\ntwo")).toBeNull();
});
