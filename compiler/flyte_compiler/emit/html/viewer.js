// Draws what `Layout` lays out, and answers the pointer and the keyboard.
// User text reaches the page through `textContent` alone.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("document").textContent);
  const picture = document.getElementById("picture");
  const panel = document.getElementById("panel");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const regions = new Map(data.regions.map((region) => [region.id, region]));
  const SVG = "http://www.w3.org/2000/svg";
  const closed = Layout.firstClosed(data, data.open);
  const view = { x: 0, y: 0, scale: 1 };
  let seen = null, stage = null, chosen = null;

  function make(name, attributes, parent, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }

  function element(name, parent, text, attributes = {}) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  // Drawing

  function draw() {
    seen = Layout.lay(data, closed);
    picture.replaceChildren();
    const defs = make("defs", {}, picture);
    const tip = make("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, defs);
    make("path", { d: "M0 0.8 L8 4 L0 7.2 z" }, tip);
    stage = make("g", {}, picture);
    const under = make("g", {}, stage), lines = make("g", {}, stage), over = make("g", {}, stage);
    for (const item of seen.byId.values()) if (item.isRegion) drawRegion(item, under);
    for (const edge of seen.edges) drawEdge(edge, lines);
    for (const item of seen.byId.values()) if (!item.isRegion) drawBox(item, over);
    move();
    mark();
  }

  function drawRegion(region, parent) {
    const group = make("g", { class: `region ${region.kind}`, tabindex: 0, role: "button", "aria-expanded": "true", "aria-label": `close ${region.title}`, "data-id": region.id }, parent);
    const shape = { x: region.x, y: region.y, width: region.w, height: region.h, rx: 12 };
    if (region.kind === "map") make("rect", { ...shape, x: region.x + 5, y: region.y - 5 }, group);
    const rect = make("rect", shape, group);
    make("rect", { ...shape, class: "rim" }, group);
    if (region.kind === "driver" && region.environment !== null) rect.style.stroke = colourOf(region).stroke;
    const title = make("text", { x: region.x + 14, y: region.y + 21, class: "title press" }, group, `▾ ${region.title}`);
    if (region.mark) make("tspan", { dx: 10, "font-size": 10, "font-weight": 400 }, title, region.mark);
    region.lines.forEach((line, i) => make("text", { x: region.x + 14, y: region.y + 37 + i * 14, class: "code" }, group, line));
    title.addEventListener("click", () => toggle(region.id));
    group.addEventListener("keydown", (event) => pressed(event, () => toggle(region.id)));
  }

  function colourOf(item) {
    const place = item.environment === null ? -1 : data.environments.indexOf(item.environment);
    return data.colours[place] ?? data.roles[item.kind] ?? data.roles.collapsed;
  }

  function drawBox(box, parent) {
    const opens = regions.has(box.id);
    const group = make("g", { class: `box ${box.kind}`, tabindex: 0, role: "button", "aria-label": `${box.title || box.lines[0] || box.kind}${opens ? ", closed" : ""}`, "data-id": box.id }, parent);
    const body = make("g", { class: "body" }, group);
    const colour = colourOf(box);
    const look = { fill: colour.fill, stroke: colour.stroke, "stroke-width": 1.3 };
    const round = box.kind === "python" || box.kind === "dynamic" || box.kind === "raise" ? 2 : Math.min(11, box.h / 2);
    const shape = { x: box.x, y: box.y, width: box.w, height: box.h, rx: round };
    if (box.many) for (const step of [6, 3]) make("rect", { ...shape, ...look, x: box.x + step, y: box.y - step }, body);
    if (box.kind === "decision") {
      const [l, r, t, b, m] = [box.x, box.x + box.w, box.y, box.y + box.h, box.y + box.h / 2];
      make("polygon", { points: `${l},${m} ${l + 14},${t} ${r - 14},${t} ${r},${m} ${r - 14},${b} ${l + 14},${b}`, ...look }, body);
    } else make("rect", { ...shape, ...look }, body);
    if (box.kind === "driver" || box.kind === "helper") make("rect", { x: box.x + 3, y: box.y + 3, width: box.w - 6, height: box.h - 6, rx: Math.max(0, round - 2), ...look, fill: "none", "stroke-width": 0.7 }, body);
    make("rect", { ...shape, class: "rim" }, group);
    const left = box.x + (box.kind === "decision" ? 24 : 11);
    let y = box.y + 6;
    const write = (text, kind, step) => { y += step; make("text", { x: left, y: y - 3.5, class: kind, fill: colour.text }, body, text); };
    if (box.title) write(opens ? `▸ ${box.title}` : box.title, "title", 18);
    box.lines.forEach((line) => write(line, "code", 14));
    box.notes.forEach((note) => write(note, "note", 14));
    const act = () => (opens ? toggle(box.id) : choose(box.id));
    group.addEventListener("click", act);
    group.addEventListener("keydown", (event) => pressed(event, act));
  }

  function drawEdge(edge, parent) {
    const group = make("g", { class: `edge ${edge.kind}`, "data-source": edge.source, "data-target": edge.target }, parent);
    const points = edge.points, [first, last] = [points[0], points[points.length - 1]];
    const isBack = points.length === 2 && last[1] < first[1] || edge.source === edge.target;
    let d = `M${first[0]} ${first[1]}`;
    if (isBack) {
      const far = Math.max(first[0], last[0]) + 26;
      d += ` C${far} ${first[1]} ${far} ${last[1]} ${last[0]} ${last[1]}`;
    } else for (let i = 1; i < points.length; i += 1) {
      const [ax, ay] = points[i - 1], [bx, by] = points[i], bend = (by - ay) / 2;
      d += ` C${ax} ${ay + bend} ${bx} ${by - bend} ${bx} ${by}`;
    }
    make("path", { d, "marker-end": "url(#tip)" }, group);
    if (edge.kind === "deferred") make("circle", { cx: first[0], cy: first[1], r: 3.5, fill: "var(--back)", stroke: "var(--line)" }, group);
    if (!edge.labels.length) return;
    const [bx, by] = points[1], x = isBack ? Math.max(first[0], bx) + 24 : (first[0] + bx) / 2 + 5;
    make("text", { x, y: (first[1] + by) / 2 + 3 }, group, edge.labels.slice(0, 2).join(", ") + (edge.labels.length > 2 ? ", …" : ""));
  }

  // Opening and closing

  function toggle(id) {
    if (closed.has(id)) closed.delete(id); else closed.add(id);
    keepInPlace(id, draw);
    picture.querySelector(`[data-id="${id}"]`)?.focus();
  }

  // What was pressed stays under the pointer.
  function keepInPlace(id, redraw) {
    const before = seen.byId.get(id);
    redraw();
    const after = seen.byId.get(id);
    if (!before || !after) return;
    view.x += (before.x - after.x) * view.scale;
    view.y += (before.y - after.y) * view.scale;
    move();
  }

  function reveal(id) {
    let changed = false;
    for (let at = nodes.get(id).region; at !== null; at = regions.get(at).parent) changed = closed.delete(at) || changed;
    if (changed) draw();
  }

  // The panel

  function choose(id) {
    chosen = id;
    const node = nodes.get(id);
    panel.hidden = false;
    panel.replaceChildren();
    element("button", panel, "×", { class: "shut", type: "button", "aria-label": "Close the panel" }).addEventListener("click", unchoose);
    element("h2", panel, node.title || node.lines[0] || node.kind);
    element("p", panel, [node.kind, node.environment, node.many ? "once for each" : null].filter(Boolean).join(" · "));
    if (node.span) element("p", panel, `${node.span.file}:${node.span.line}`);
    section("Takes", node.inputs.map((port) => (port.type ? `${port.name}: ${port.type}` : port.name)).join("\n"));
    section("Gives", node.type ?? "");
    section("Calls", node.callee ? node.callee.replace(":", ".") : "");
    section("Signature and arguments", node.callee ? [...node.lines, ...node.notes].join("\n") : node.notes.join("\n"));
    section("Source", data.sources[id] ?? (node.callee ? "" : node.lines.join("\n")));
    section("Digest", data.digests[id] ?? "");
    mark();
  }

  function section(title, text) {
    if (!text) return;
    element("h3", panel, title);
    element("pre", panel, text);
  }

  function unchoose() {
    chosen = null;
    panel.hidden = true;
    mark();
  }

  // Search

  function matches() {
    const words = search.value.trim().toLowerCase();
    if (!words) return null;
    return data.nodes.filter((node) => [node.title, ...node.lines, ...node.notes, node.kind, node.environment ?? ""].join("\n").toLowerCase().includes(words));
  }

  let turn = -1;
  function go(step) {
    const hits = matches();
    if (!hits || !hits.length) return;
    turn = (turn + step + hits.length) % hits.length;
    const id = hits[turn].id;
    reveal(id);
    centre(id);
    choose(id);
  }

  function mark() {
    const hits = matches(), ids = hits && new Set(hits.map((node) => node.id));
    found.textContent = hits ? `${hits.length} found` : "";
    for (const group of picture.querySelectorAll(".box")) {
      group.classList.toggle("dim", ids !== null && !ids.has(group.dataset.id));
      group.classList.toggle("chosen", group.dataset.id === chosen);
    }
    for (const group of picture.querySelectorAll(".edge")) {
      const touches = group.dataset.source === chosen || group.dataset.target === chosen;
      group.classList.toggle("dim", ids !== null || (chosen !== null && seen.byId.has(chosen) && !touches));
    }
  }

  // Moving

  function move() {
    stage.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
  }

  function zoom(factor, x = picture.clientWidth / 2, y = picture.clientHeight / 2) {
    const scale = Math.min(4, Math.max(0.02, view.scale * factor)), ratio = scale / view.scale;
    view.x = x - (x - view.x) * ratio;
    view.y = y - (y - view.y) * ratio;
    view.scale = scale;
    move();
  }

  function fit() {
    const [w, h] = [picture.clientWidth, picture.clientHeight];
    view.scale = Math.min(1.3, (w - 40) / Math.max(1, seen.width), (h - 40) / Math.max(1, seen.height));
    view.x = (w - seen.width * view.scale) / 2;
    view.y = (h - seen.height * view.scale) / 2;
    move();
  }

  function centre(id) {
    const item = seen.byId.get(id);
    view.scale = Math.max(view.scale, 0.8);
    view.x = picture.clientWidth / 2 - (item.x + item.w / 2) * view.scale;
    view.y = picture.clientHeight / 2 - (item.y + item.h / 2) * view.scale;
    move();
  }

  const pointers = new Map();
  let spread = null, travelled = 0;
  picture.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    travelled = 0;
    spread = null;
  });
  window.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const frame = picture.getBoundingClientRect();
    const now = [event.clientX - frame.left, event.clientY - frame.top];
    pointers.set(event.pointerId, now);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()], size = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (spread) zoom(size / spread, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      spread = size;
      return;
    }
    view.x += now[0] - last[0];
    view.y += now[1] - last[1];
    travelled += Math.abs(now[0] - last[0]) + Math.abs(now[1] - last[1]);
    picture.classList.add("dragged");
    move();
  });
  const lift = (event) => { pointers.delete(event.pointerId); spread = null; picture.classList.remove("dragged"); };
  window.addEventListener("pointerup", lift);
  window.addEventListener("pointercancel", lift);
  // A drag that ends on a box is no press of it.
  picture.addEventListener("click", (event) => {
    if (travelled > 4) event.stopPropagation();
    travelled = 0;
  }, true);
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
  }, { passive: false });

  function pressed(event, act) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  const KEYS = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit, "/": () => search.focus(),
    Escape: unchoose,
    ArrowLeft: () => { view.x += 60; move(); }, ArrowRight: () => { view.x -= 60; move(); },
    ArrowUp: () => { view.y += 60; move(); }, ArrowDown: () => { view.y -= 60; move(); },
  };
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") { search.value = ""; mark(); picture.focus(); }
      return;
    }
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  search.addEventListener("input", () => { turn = -1; mark(); });
  document.getElementById("in").addEventListener("click", () => zoom(1.25));
  document.getElementById("out").addEventListener("click", () => zoom(0.8));
  document.getElementById("fit").addEventListener("click", fit);
  document.getElementById("more").addEventListener("click", () => { closed.clear(); draw(); fit(); });
  document.getElementById("less").addEventListener("click", () => {
    for (const region of data.regions) if (region.parent !== null) closed.add(region.id);
    draw();
    fit();
  });

  const legend = document.getElementById("legend");
  data.environments.forEach((name, place) => {
    const key = element("span", legend, name, { class: "key" });
    const colour = data.colours[place];
    Object.assign(key.style, { background: colour.fill, borderColor: colour.stroke, color: colour.text });
  });
  for (const sign of data.signs) element("span", legend, sign);
  draw();
  fit();
})();
