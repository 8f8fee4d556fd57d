// Lays a document out: which boxes are seen, and where. No drawing and no page: pure functions.
//
// Each region is laid out by itself, from the inside outward: its members stand in layers by the
// edges between them, in an order that keeps crossings few. A long edge keeps a lane free in each
// layer that it passes.
"use strict";

const Layout = (() => {
  const PAD = 16, HEAD = 30, LINE = 14, GAP_X = 26, GAP_Y = 44, LANE = 12;
  // What goes back to an earlier place: the next turn, a call of the helper that it stands in.
  const goesBack = (edge) => edge.kind === "again" || (edge.kind === "opens" && edge.to === null);

  const wide = (text) => [...text].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e7f ? 1.7 : 1), 0);
  const widest = (lines, per) => Math.max(0, ...lines.map((line) => wide(line) * per));

  function boxSize(node) {
    const title = node.title ? 18 : 0;
    const width = Math.max(wide(node.title) * 7.8, widest(node.lines, 6.1), widest(node.notes, 5.6));
    const height = title + (node.lines.length + node.notes.length) * LINE;
    const slant = node.kind === "decision" ? 26 : 0;
    return { w: Math.max(40, width + 22 + slant), h: Math.max(24, height + 12) };
  }

  function headSize(region) {
    const title = wide(region.title) * (region.parent === null ? 9.5 : 7.4) + wide(region.mark) * 6.4;
    return { w: Math.max(title + 50, widest(region.lines, 6.2)), h: HEAD + region.lines.length * LINE };
  }

  // How many nodes, and how many calls, are in each region.
  function counts(document) {
    const calls = new Set(["task", "driver", "trace", "helper"]);
    const found = new Map(document.regions.map((r) => [r.id, { nodes: 0, calls: 0 }]));
    const parent = new Map(document.regions.map((r) => [r.id, r.parent]));
    for (const node of document.nodes) {
      for (let at = node.region; at !== null; at = parent.get(at)) {
        found.get(at).nodes += 1;
        if (calls.has(node.kind)) found.get(at).calls += 1;
      }
    }
    return found;
  }

  // The regions to open with closed, so that no more than `open` boxes are seen.
  function firstClosed(document, open) {
    const closed = new Set();
    let left = document.nodes.length;
    const depth = new Map();
    for (const r of document.regions) depth.set(r.id, r.parent === null ? 0 : depth.get(r.parent) + 1);
    const size = counts(document), shown = new Map([...size].map(([id, c]) => [id, c.nodes]));
    const parent = new Map(document.regions.map((r) => [r.id, r.parent]));
    const order = document.regions.slice(document.regions.length ? 1 : 0)
      .sort((a, b) => depth.get(b.id) - depth.get(a.id) || size.get(b.id).nodes - size.get(a.id).nodes);
    for (const region of order) {
      const saved = shown.get(region.id) - 1;
      if (left <= open) break;
      if (saved < 1) continue;
      closed.add(region.id);
      left -= saved;
      for (let at = region.id; at !== null; at = parent.get(at)) shown.set(at, shown.get(at) - saved);
    }
    return closed;
  }

  // The tree of what is seen, and the edges between it.
  function visible(document, closed) {
    const size = counts(document), rank = new Map(), byId = new Map();
    document.nodes.forEach((node, index) => rank.set(node.id, index));
    const regions = new Map(document.regions.map((r) => [r.id, { ...r, isRegion: true, items: [] }]));
    const homes = new Map();
    const hides = (id) => {
      for (let at = id, top = null; ; at = regions.get(at).parent) {
        if (at === null) return top;
        if (closed.has(at)) top = at;
      }
    };
    const home = (region) => {
      if (!homes.has(region)) homes.set(region, hides(region));
      return homes.get(region);
    };
    const roots = [], stands = new Map();
    const put = (item, parent) => {
      item.parent = parent;
      byId.set(item.id, item);
      (parent === null ? roots : regions.get(parent).items).push(item);
    };
    for (const region of regions.values()) {
      const hidden = region.parent === null ? null : home(region.parent);
      if (hidden !== null) continue;
      if (closed.has(region.id)) {
        const c = size.get(region.id);
        const note = c.calls ? `${c.calls} call${c.calls > 1 ? "s" : ""}` : `${c.nodes} nodes`;
        put({ ...region, isRegion: false, kind: "collapsed", frame: region.kind, lines: [], notes: [note],
              many: region.kind === "map", inputs: [] }, region.parent);
      } else put(region, region.parent);
    }
    for (const node of document.nodes) {
      const hidden = home(node.region);
      stands.set(node.id, hidden ?? node.id);
      if (hidden !== null) { rank.set(hidden, Math.min(rank.get(hidden) ?? Infinity, rank.get(node.id))); continue; }
      put({ ...node }, node.region);
    }
    const first = (item) => item.isRegion ? Math.min(...item.items.map(first)) : rank.get(item.id);
    for (const region of regions.values()) region.items.sort((a, b) => first(a) - first(b));
    const joined = new Map();
    for (const edge of document.edges) {
      const source = stands.get(edge.source), target = stands.get(edge.target);
      if (source === target && edge.source !== edge.target) continue;
      const from = byId.get(edge.from)?.isRegion ? edge.from : null;
      const to = byId.get(edge.to)?.isRegion ? edge.to : null;
      const key = [source, target, edge.kind, from, to].join(" ");
      if (!joined.has(key)) joined.set(key, { source, target, kind: edge.kind, from, to, labels: [] });
      const labels = joined.get(key).labels;
      for (const label of edge.labels) if (!labels.includes(label)) labels.push(label);
    }
    return { roots, byId, edges: [...joined.values()] };
  }

  const pathOf = (byId, id) => {
    const path = [];
    for (let at = id; at !== null; at = byId.get(at).parent) path.push(at);
    return path.reverse();
  };

  // Each edge belongs to the innermost region that holds both of its ends.
  function lifted(seen) {
    const links = new Map();
    for (const edge of seen.edges) {
      const a = pathOf(seen.byId, edge.source), b = pathOf(seen.byId, edge.target);
      let i = 0;
      while (i < a.length - 1 && i < b.length - 1 && a[i] === b[i]) i += 1;
      edge.within = i ? a[i - 1] : null;
      edge.ends = [a[i], b[i]];
      if (a[i] === b[i]) continue;
      if (!links.has(edge.within)) links.set(edge.within, []);
      links.get(edge.within).push(edge);
    }
    return links;
  }

  // The layer of each member: below all that it takes from, cycles cut where they come back.
  function layers(items, links) {
    const after = new Map(items.map((item) => [item.id, []]));
    for (const edge of links) {
      const [a, b] = edge.ends;
      if (goesBack(edge)) continue;
      after.get(a).push(b);
    }
    const state = new Map(), order = [];
    for (const root of items) {
      if (state.has(root.id)) continue;
      const stack = [[root.id, 0]];
      state.set(root.id, 1);
      while (stack.length) {
        const top = stack[stack.length - 1], next = after.get(top[0])[top[1]];
        if (next === undefined) { state.set(top[0], 2); order.push(top[0]); stack.pop(); continue; }
        if (state.get(next) === 1) { after.get(top[0]).splice(top[1], 1); continue; }
        top[1] += 1;
        if (!state.has(next)) { state.set(next, 1); stack.push([next, 0]); }
      }
    }
    const layer = new Map(items.map((item) => [item.id, 0]));
    for (const id of order.reverse())
      for (const next of after.get(id)) layer.set(next, Math.max(layer.get(next), layer.get(id) + 1));
    return layer;
  }

  // Rows of cells: members, and the lanes of edges that pass.
  function rows(items, links, layer) {
    const made = [], cells = new Map();
    const put = (cell, row) => {
      while (made.length <= row) made.push([]);
      cell.row = row; cell.up = []; cell.down = [];
      made[row].push(cell);
      return cell;
    };
    for (const item of items)
      cells.set(item.id, put({ item, w: item.w, h: item.h }, layer.get(item.id)));
    const lanes = new Map();
    for (const edge of links) {
      edge.lane = [];
      const [a, b] = edge.ends, start = layer.get(a), end = layer.get(b);
      if (end <= start || goesBack(edge)) continue;
      const key = `${a} ${b}`;
      if (!lanes.has(key)) {
        const lane = [];
        let before = cells.get(a);
        for (let row = start + 1; row < end; row += 1) {
          const cell = put({ w: LANE, h: 0 }, row);
          before.down.push(cell); cell.up.push(before);
          lane.push(cell); before = cell;
        }
        before.down.push(cells.get(b)); cells.get(b).up.push(before);
        lanes.set(key, lane);
      }
      edge.lane = lanes.get(key);
    }
    return made;
  }

  function arrange(made) {
    const number = () => made.forEach((row) => row.forEach((cell, i) => { cell.at = i; }));
    number();
    for (let sweep = 0; sweep < 6; sweep += 1) {
      const down = sweep % 2 === 0;
      const rowsNow = down ? made : [...made].reverse();
      for (const row of rowsNow) {
        for (const cell of row) {
          const near = down ? cell.up : cell.down;
          cell.weight = near.length ? near.reduce((s, c) => s + c.at, 0) / near.length : cell.at;
        }
        row.sort((a, b) => a.weight - b.weight || a.at - b.at);
        row.forEach((cell, i) => { cell.at = i; });
      }
    }
    for (const row of made) {
      let x = 0;
      for (const cell of row) { cell.x = x + cell.w / 2; x += cell.w + GAP_X; }
    }
    for (let sweep = 0; sweep < 8; sweep += 1) {
      const rowsNow = sweep % 2 ? [...made].reverse() : made;
      for (const row of rowsNow) settle(row, (cell) => {
        const near = sweep % 2 ? cell.down : cell.up;
        const all = near.length ? near : [...cell.up, ...cell.down];
        return all.length ? all.reduce((s, c) => s + c.x, 0) / all.length : cell.x;
      });
    }
  }

  // Moves a row's cells to where they want to be, as far as they leave each other room.
  function settle(row, wish) {
    const blocks = [];
    for (const cell of row) {
      let block = { cells: [cell], want: wish(cell) - cell.w / 2, width: cell.w };
      while (blocks.length) {
        const last = blocks[blocks.length - 1];
        if (last.want + last.width + GAP_X <= block.want) break;
        blocks.pop();
        const n = last.cells.length, m = block.cells.length;
        const shifted = block.want - last.width - GAP_X;
        block = {
          cells: [...last.cells, ...block.cells],
          want: (last.want * n + shifted * m) / (n + m),
          width: last.width + GAP_X + block.width,
        };
      }
      blocks.push(block);
    }
    for (const block of blocks) {
      let x = block.want;
      for (const cell of block.cells) { cell.x = x + cell.w / 2; x += cell.w + GAP_X; }
    }
  }

  // Places `items` from (0, 0); returns how much room they take.
  function place(items, links) {
    if (!items.length) return { w: 0, h: 0 };
    const made = rows(items, links, layers(items, links));
    arrange(made);
    const all = made.flat();
    const left = Math.min(...all.map((c) => c.x - c.w / 2));
    const right = Math.max(...all.map((c) => c.x + c.w / 2));
    let y = 0;
    for (const row of made) {
      const tall = Math.max(...row.map((c) => c.h));
      for (const cell of row) {
        cell.x -= left;
        cell.top = y; cell.bottom = y + tall;
        if (cell.item) { cell.item.x = cell.x - cell.w / 2; cell.item.y = y; }
      }
      y += tall + GAP_Y;
    }
    return { w: right - left, h: y - GAP_Y };
  }

  function lay(document, closed) {
    const seen = visible(document, closed);
    const links = lifted(seen);
    const measure = (item) => {
      if (!item.isRegion) { Object.assign(item, boxSize(item)); return; }
      item.items.forEach(measure);
      const inner = place(item.items, links.get(item.id) ?? []), head = headSize(item);
      item.head = head.h;
      item.w = Math.max(inner.w, head.w) + 2 * PAD;
      item.h = head.h + inner.h + 2 * PAD;
      item.inset = (item.w - 2 * PAD - inner.w) / 2;
    };
    seen.roots.forEach(measure);
    const room = place(seen.roots, links.get(null) ?? []);
    const settleDown = (item, dx, dy) => {
      item.x += dx; item.y += dy;
      if (!item.isRegion) return;
      item.originX = item.x + PAD + item.inset; item.originY = item.y + item.head + PAD;
      for (const inner of item.items) settleDown(inner, item.originX, item.originY);
    };
    seen.roots.forEach((item) => settleDown(item, 0, 0));
    for (const edge of seen.edges) edge.points = route(edge, seen.byId);
    return { ...seen, width: room.w, height: room.h };
  }

  function route(edge, byId) {
    const start = byId.get(edge.from ?? edge.source), end = byId.get(edge.to ?? edge.target);
    const origin = edge.within === null ? { originX: 0, originY: 0 } : byId.get(edge.within);
    const middle = (edge.lane ?? []).flatMap((cell) => [
      [origin.originX + cell.x, origin.originY + cell.top],
      [origin.originX + cell.x, origin.originY + cell.bottom],
    ]);
    const [sx, ex] = [start.x + start.w / 2, end.x + end.w / 2];
    if (end.y >= start.y + start.h) return [[sx, start.y + start.h], ...middle, [ex, end.y]];
    // Beside or back: around the right.
    return [[start.x + start.w, start.y + start.h / 2], [end.x + end.w, end.y + Math.min(end.h / 2, 14)]];
  }

  return { counts, firstClosed, lay, visible };
})();

if (typeof module !== "undefined") module.exports = Layout;
