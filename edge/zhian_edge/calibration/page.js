// The installer's page: draw a line and a zone on each camera's picture, see which side is in, save once.
"use strict";

const TEXTS = {
  zh: {
    title: "摄像机校准", line: "计数线", zone: "识别区域", swap: "交换进出方向", undo: "撤销",
    clearLine: "删除计数线", clearZone: "删除区域", cancel: "不保存", save: "保存到配置文件",
    hintLine: "在画面上按住并拖动画出计数线；箭头所指一侧为“进”。圆点可拖动，也可用方向键移动。",
    hintZone: "依次点击画面添加区域的角点；区域以外不做识别。圆点可拖动，选中后按 Delete 删除。",
    in: "进", out: "出", start: "线的起点", end: "线的终点", corner: "角点", stage: "画面",
    saved: "已保存。可以关闭此页面。", cancelled: "未保存。可以关闭此页面。", saving: "正在保存……",
    seenHint: "白点：测量期间看到人脸或车牌的位置。",
    gone: "校准程序已结束，无法保存。", fewCorners: "区域至少需要三个角点：", seenFace: "人脸", seenPlate: "车牌",
    pixels: "像素",
  },
  en: {
    title: "Camera calibration", line: "Line", zone: "Zone", swap: "Swap in and out", undo: "Undo",
    clearLine: "Remove the line", clearZone: "Remove the zone", cancel: "Do not save", save: "Save to the configuration",
    hintLine: "Press and drag on the picture to draw the line; the arrow shows which side is in. Drag the dots, or move them with the arrow keys.",
    hintZone: "Click corners of the zone one after another; nothing outside of it is looked at. Drag the dots; Delete removes a chosen one.",
    in: "IN", out: "OUT", start: "start of the line", end: "end of the line", corner: "corner", stage: "picture",
    saved: "Saved. You may close this page.", cancelled: "Not saved. You may close this page.", saving: "Saving …",
    seenHint: "White dots: where faces and plates were seen while measuring.",
    gone: "The calibration has ended; nothing can be saved any more.", fewCorners: "A zone needs three corners at least: ",
    seenFace: "face", seenPlate: "plate", pixels: "pixels",
  },
};
const LANGUAGE = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
const text = (key) => TEXTS[LANGUAGE][key];
const byId = (id) => document.getElementById(id);
const clamp = (value) => Math.min(1, Math.max(0, value));
const STEP = 0.005;
const SHORTEST = 0.02;
const TOUCH = matchMedia("(pointer: coarse)").matches;

let cameras = [];
let current = 0;
let mode = "line";
let drag = null; // {kind, index, before, moved}
let asking = 0;
let asked = null; // the last question, so that saving does not overtake it
let pending = null; // a line's first point, clicked, waiting for its second

const camera = () => cameras[current];
const shapes = (of) => ({ line: of.line && of.line.map((p) => [...p]), zone: of.zone && of.zone.map((p) => [...p]) });

function remember(before) {
  camera().history.push(before || shapes(camera()));
}

function change(action) {
  remember();
  action(camera());
  draw();
}

function undo() {
  const before = camera().history.pop();
  pending = null;
  if (before) Object.assign(camera(), before);
  draw();
}

function element(name, attributes, parent) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

function place(point) {
  return [point[0] * camera().width, point[1] * camera().height];
}

function pixel() { // one pixel of the screen in pixels of the picture
  return camera().width / (byId("stage").getBoundingClientRect().width || camera().width);
}

function draw() {
  const stage = byId("stage");
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.handle : null;
  const { width, height, line, zone } = camera();
  stage.replaceChildren();
  stage.setAttribute("viewBox", `0 0 ${width} ${height}`);
  stage.setAttribute("aria-label", `${text("stage")} ${camera().id}`);
  element("image", { href: camera().picture, width, height }, stage);
  drawSeen(stage);
  if (zone) drawZone(stage, zone, width, height);
  if (line) drawLine(stage, line, width);
  if (pending) handle(stage, "line", 0, pending, text("start"));
  if (focused) stage.querySelector(`[data-handle="${focused}"]`)?.focus();
  drawTools();
  if (!drag) asked = askItems();
}

function drawSeen(stage) {
  for (const [kind, x, y, pixels] of camera().seen) {
    const [cx, cy] = place([x, y]);
    const dot = element("circle", { class: "seen", cx, cy, r: 4 * pixel() }, stage);
    element("title", {}, dot).textContent = `${text(kind === "face" ? "seenFace" : "seenPlate")} ${pixels} ${text("pixels")}`;
  }
}

function drawZone(stage, zone, width, height) {
  const corners = zone.map(place);
  const path = "M" + corners.map((p) => p.join(" ")).join("L") + "Z";
  if (zone.length > 2) element("path", { class: "shade", "fill-rule": "evenodd", d: `M0 0H${width}V${height}H0Z${path}` }, stage);
  element("path", { class: "zone-edge", d: path }, stage);
  zone.forEach((point, index) => handle(stage, "zone", index, point, `${text("corner")} ${index + 1}`));
}

function drawLine(stage, line, width) {
  const [[ax, ay], [bx, by]] = line.map(place);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [nx, ny] = [-(by - ay) / length, (bx - ax) / length]; // to the right of the line, seen from its start
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const reach = width * 0.07, head = width * 0.02;
  const [tx, ty] = [mx + nx * reach, my + ny * reach];
  const arrow = `M${mx} ${my}L${tx} ${ty}` +
    `M${tx - (nx + ny) * head} ${ty - (ny - nx) * head}L${tx} ${ty}L${tx - (nx - ny) * head} ${ty - (ny + nx) * head}`;
  for (const name of ["halo", "wire"]) {
    element("path", { class: name, d: `M${ax} ${ay}L${bx} ${by}` }, stage);
    element("path", { class: name, d: arrow }, stage);
  }
  const size = Math.max(width / 40, 15 * pixel());
  for (const [key, far] of [["in", reach + size], ["out", -size]]) {
    const x = Math.min(width - size * 1.2, Math.max(size * 1.2, mx + nx * far));
    const y = Math.min(camera().height - size, Math.max(size, my + ny * far));
    element("text", { class: "side", x, y, "font-size": size, "data-side": key }, stage).textContent = text(key);
  }
  line.forEach((point, index) => handle(stage, "line", index, point, text(index ? "end" : "start")));
}

function handle(stage, kind, index, point, name) {
  const [cx, cy] = place(point);
  const label = `${name}: ${Math.round(point[0] * 100)} %, ${Math.round(point[1] * 100)} %`;
  element("circle", {
    class: `handle ${kind}`, cx, cy, r: (TOUCH ? 17 : 11) * pixel(), tabindex: 0, role: "button", "aria-label": label,
    "data-handle": `${kind}-${index}`, "data-kind": kind, "data-index": index,
  }, stage);
}

function drawTools() {
  const { line, zone, history } = camera();
  byId("hint").textContent = text(mode === "line" ? "hintLine" : "hintZone");
  for (const name of ["line", "zone"]) byId(`mode-${name}`).setAttribute("aria-checked", String(mode === name));
  byId("clear").textContent = text(mode === "line" ? "clearLine" : "clearZone");
  byId("clear").disabled = !(mode === "line" ? line : zone);
  byId("swap").disabled = !line;
  byId("undo").disabled = !history.length;
}

async function askItems() { // what was measured depends on where the line is
  const turn = ++asking, { id, line, zone } = camera();
  if (zone && zone.length < 3) return;
  try {
    const items = await post("items", { [id]: { line, zone } });
    if (turn === asking) drawItems(items);
  } catch { /* the last ones stay */ }
}

function drawItems(items) {
  byId("seen").hidden = !camera().seen.length;
  byId("items").replaceChildren(...items.flatMap((item) => {
    const name = document.createElement("dt"), value = document.createElement("dd");
    name.textContent = item.name[LANGUAGE];
    value.textContent = item.value[LANGUAGE];
    value.className = item.verdict;
    if (item.advice[LANGUAGE]) value.append(Object.assign(document.createElement("small"), { textContent: item.advice[LANGUAGE] }));
    return [name, value];
  }));
}

function choose(index) {
  current = index;
  pending = null;
  [...byId("cameras").children].forEach((tab, at) => tab.setAttribute("aria-selected", String(at === index)));
  draw();
}

function setMode(name) {
  mode = name;
  pending = null;
  draw();
}

function pointOf(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(byId("stage").getScreenCTM().inverse());
  return [clamp(x / camera().width), clamp(y / camera().height)];
}

function press(event) {
  if (event.button > 0) return;
  const target = event.target.closest(".handle");
  const point = pointOf(event);
  byId("stage").setPointerCapture(event.pointerId);
  event.preventDefault();
  if (target && !pending) {
    drag = { kind: target.dataset.kind, index: Number(target.dataset.index), before: shapes(camera()), moved: false };
    target.focus();
  } else if (mode === "zone") {
    change((of) => { of.zone = [...(of.zone || []), point]; });
    drag = { kind: "zone", index: camera().zone.length - 1, before: null, moved: false };
  } else {
    drag = { kind: "line", index: 1, before: shapes(camera()), moved: false, from: pending || point };
  }
}

function move(event) {
  if (!drag) return;
  const point = pointOf(event);
  if (drag.from && Math.hypot(point[0] - drag.from[0], point[1] - drag.from[1]) < SHORTEST) return;
  drag.moved = true;
  if (drag.from) camera().line = [drag.from, point];
  else camera()[drag.kind][drag.index] = point;
  draw();
}

function release(event) {
  if (!drag) return;
  const done = drag;
  drag = null;
  if (done.from && !done.moved) {
    if (pending) { pending = null; } else { pending = pointOf(event); }
  } else if (done.from || (done.moved && done.before)) {
    pending = null;
    remember(done.before);
  }
  draw();
}

function keys(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo();
    return;
  }
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const { kind, index } = event.target.dataset || {};
  if (kind && arrows[event.key] && camera()[kind]) {
    event.preventDefault();
    const by = STEP * (event.shiftKey ? 10 : 1);
    change((of) => { of[kind][index] = of[kind][index].map((v, axis) => clamp(v + by * arrows[event.key][axis])); });
  } else if (kind && (event.key === "Delete" || event.key === "Backspace")) {
    event.preventDefault();
    change((of) => { of[kind] = kind === "zone" && of.zone.length > 1 ? of.zone.filter((_, at) => at !== Number(index)) : null; });
  } else if (event.target === byId("stage") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    change((of) => {
      if (mode === "line") of.line = of.line || [[0.1, 0.6], [0.9, 0.6]];
      else of.zone = of.zone || [[0.05, 0.05], [0.95, 0.05], [0.95, 0.95], [0.05, 0.95]];
    });
  }
}

function say(message, isError) {
  byId("message").textContent = message;
  byId("message").classList.toggle("error", Boolean(isError));
}

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

async function save() {
  const poor = cameras.find((of) => of.zone && of.zone.length < 3);
  if (poor) return say(text("fewCorners") + poor.id, true);
  say(text("saving"));
  byId("save").disabled = true;
  await asked;
  try {
    await post("save", Object.fromEntries(cameras.map((of) => [of.id, { line: of.line, zone: of.zone }])));
    finish("saved");
  } catch (error) {
    say(error instanceof TypeError ? text("gone") : error.message, true);
    byId("save").disabled = false;
  }
  return undefined;
}

async function cancel() {
  await asked;
  try {
    await post("cancel", {});
  } catch { /* the command has ended already: nothing is left to cancel */ }
  finish("cancelled");
}

function finish(how) {
  say(text(how));
  document.body.classList.add("over");
}

async function begin() {
  document.documentElement.lang = LANGUAGE === "zh" ? "zh-CN" : "en";
  document.title = text("title");
  for (const part of document.querySelectorAll("[data-text]")) part.textContent = text(part.dataset.text);
  const data = await (await fetch("cameras.json")).json();
  cameras = data.map((of) => ({ ...of, history: [] }));
  byId("cameras").append(...cameras.map((of, index) => {
    const tab = document.createElement("button");
    Object.assign(tab, { type: "button", textContent: of.id, onclick: () => choose(index) });
    tab.setAttribute("role", "tab");
    return tab;
  }));
  choose(0);
}

byId("mode-line").onclick = () => setMode("line");
byId("mode-zone").onclick = () => setMode("zone");
byId("swap").onclick = () => change((of) => { of.line.reverse(); });
byId("undo").onclick = undo;
byId("clear").onclick = () => change((of) => { of[mode] = null; });
byId("save").onclick = save;
byId("cancel").onclick = cancel;
byId("stage").addEventListener("pointerdown", press);
byId("stage").addEventListener("pointermove", move);
byId("stage").addEventListener("pointerup", release);
byId("stage").addEventListener("pointercancel", release);
document.addEventListener("keydown", keys);
window.addEventListener("resize", () => cameras.length && draw());
begin();
