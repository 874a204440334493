"use strict";
// Keys, the cursor, and saving in place. Without this file the page works by its forms.
(() => {
  const find = (id) => document.getElementById(id);
  const say = document.body.dataset;
  const list = find("findings");
  const form = find("act");
  const items = [...list.querySelectorAll(".item")];
  const states = items.map((item) => item.dataset.s);
  const groups = new Map();
  items.forEach((item, n) => {
    const key = item.dataset.g;
    if (groups.has(key)) groups.get(key).push(n);
    else groups.set(key, [n]);
  });
  const wide = matchMedia("(min-width: 60.01rem)");
  const calm = { block: "nearest" };
  let current = -1;
  let only = list.className.includes("only-new") ? "new" : list.className.includes("only-open") ? "open" : "";
  let waiting = 0;
  let chain = Promise.resolve();

  const asks = (n) => "asks" in items[n].dataset;
  const isOpen = (n) => states[n] === "open" && asks(n);
  const isShown = (n) =>
    only === "" || (only === "open" ? states[n] === "open" : items[n].classList.contains("new"));
  const mark = (n) => find(`m${n}`);

  function word(n) {
    if (!asks(n) && states[n] === "open") return say.note;
    if ("gap" in items[n].dataset && states[n] === "waived") return say.seen;
    return say[states[n]];
  }

  function put(n, state, said) {
    const item = items[n];
    for (let nth = 0, at = mark(n); at; nth += 1, at = find(`m${n}-${nth}`)) {
      at.classList.remove(`s-${states[n]}`);
      at.classList.add(`s-${state}`);
    }
    item.classList.remove(`s-${states[n]}`);
    item.classList.add(`s-${state}`);
    states[n] = state;
    item.querySelector(".st").textContent = word(n);
    if (said !== undefined) item.querySelector("[data-said]").textContent = said;
  }

  function count(done, total) {
    find("done").textContent = done;
    find("bar").value = done;
    find("total").textContent = total;
    document.title = document.title.replace(/^\d+\/\d+/, `${done}/${total}`);
  }

  function tell(unread) {
    if (!unread) return;
    find("told").className = unread.is_loud ? "alarm" : "seen";
    find("told").firstElementChild.textContent = unread.words;
  }

  function select(n) {
    if (n < 0 || n >= items.length) return;
    if (current >= 0) {
      items[current].classList.remove("cur");
      mark(current)?.classList.remove("cur");
    }
    current = n;
    const item = items[n];
    item.classList.add("cur");
    item.querySelector("input").checked = true;
    item.scrollIntoView(calm);
    const at = mark(n);
    at?.classList.add("cur");
    if (at && wide.matches) at.scrollIntoView({ block: "center" });
    if (!form) return;
    const gap = "gap" in item.dataset;
    const place = item.querySelector(".at").textContent.trim();
    const closed = "closed" in item.dataset;
    find("now").textContent =
      `${say.now.replace("#i", n + 1).replace("#n", items.length)} · ${place}` + (closed ? ` · ${say.closed}` : "");
    find("waive").disabled = closed;
    find("waive").querySelector("span").textContent = gap ? say.look : say.waive;
    const alike = groups.get(item.dataset.g).length;
    find("samebox").hidden = alike < 2;
    find("samebox").querySelector("span").textContent = say.same.replace("#", alike);
    if (alike < 2) find("same").checked = false;
    find("reason").value = item.querySelector("[data-reason]")?.dataset.reason ?? "";
    quiet();
  }

  function step(by) {
    for (let n = current + by; n >= 0 && n < items.length; n += by) {
      if (isShown(n)) return select(n);
    }
    return undefined;
  }

  function nextOpen() {
    for (let off = 1; off <= items.length; off += 1) {
      const n = (current + off + items.length) % items.length;
      if (isOpen(n) && (only !== "new" || isShown(n))) return select(n);
    }
    return finished();
  }

  function finished() {
    const first = find("decision");
    find("now").textContent = say.alldone;
    find("opinions").scrollIntoView(calm);
    if (first) first.focus();
  }

  function complain(words) {
    find("error").textContent = words;
    find("error").hidden = !words;
  }

  function quiet() {
    if (!find("error").hidden) complain("");
  }

  function showWaiting() {
    find("saving").textContent = waiting ? say.saving.replace("#", waiting) : say.saved;
  }

  // One request after another; what was shown at once is put back when it is refused.
  function send(action, number, reason, same, before) {
    const body = new URLSearchParams({ proof: form.elements.proof.value, action, reason });
    if (number >= 0) body.set("finding", items[number].querySelector("input").value);
    if (same) body.set("same", "1");
    waiting += 1;
    showWaiting();
    chain = chain.then(async () => {
      try {
        const headers = { accept: "application/json" };
        const answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body });
        const made = await answer.json();
        if (!answer.ok) throw made;
        for (const [n, state, said] of made.changed) put(n, state, said);
        count(made.done, made.total);
        tell(made.unread);
        if (action === "undo" && made.changed.length) select(made.changed[0][0]);
      } catch (refusal) {
        for (const [n, state] of before) put(n, state);
        if (before.length) select(before[0][0]);
        const lang = document.documentElement.lang === "en" ? "detail" : "detail_zh";
        complain(refusal[lang] || say.lost);
        if (reason) find("reason").value = reason;
      } finally {
        waiting -= 1;
        showWaiting();
      }
    });
  }

  function dispose(action) {
    if (!form || current < 0) return;
    const reason = find("reason").value.trim();
    if (action === "undo") {
      send("undo", current, "", false, []);
      return;
    }
    if (action === "waive" && [...reason.replace(/\s/g, "")].length < Number(say.least)) {
      complain(say.short);
      find("reason").focus();
      return;
    }
    const same = find("same").checked;
    const alike = same ? groups.get(items[current].dataset.g) : [];
    const chosen = [current, ...alike.filter((n) => n !== current && states[n] === "open")];
    const before = chosen.map((n) => [n, states[n]]);
    for (const n of chosen) put(n, action === "waive" ? "waived" : "upheld");
    if (reason) remember(reason);
    find("reason").blur();
    send(action, current, reason, same, before);
    nextOpen();
  }

  function remember(reason) {
    const known = find("reasons");
    if ([...known.children].some((option) => option.value === reason)) return;
    const option = document.createElement("option");
    option.value = reason;
    known.prepend(option);
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    n: nextOpen,
    a: () => dispose("uphold"),
    d: () => {
      if (!form || current < 0 || find("waive").disabled) return;
      find("reason").focus();
      find("reason").select();
    },
    u: () => dispose("undo"),
  };
  const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest?.(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!run) return;
    event.preventDefault();
    run();
  });

  list.addEventListener("change", (event) => {
    const item = event.target.closest(".item");
    if (item) select(Number(item.id.slice(1)));
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-only]");
    if (link) {
      event.preventDefault();
      only = link.dataset.only;
      list.classList.remove("only-open", "only-new");
      if (only) list.classList.add(`only-${only}`);
      for (const other of link.parentElement.children) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      return;
    }
    const to = event.target.closest("a.to");
    if (to && wide.matches) {
      event.preventDefault();
      select(Number(to.closest(".item").id.slice(1)));
    }
  });
  find("doc").addEventListener("click", (event) => {
    const hit = event.target.closest("mark");
    if (hit) select(Number(hit.dataset.n));
  });

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    dispose(event.submitter?.value ?? "waive");
  });
  find("opinion")?.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault(); // what was decided is saved first
    chain.then(() => event.target.requestSubmit());
  });
  addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });

  if (form) {
    find("keys").hidden = false;
    find("next").hidden = false;
    find("next").addEventListener("click", nextOpen);
    find("samebox").hidden = true;
  }
  const typed = find("reason")?.value ?? "";
  const chosen = items.findIndex((item) => item.querySelector("input").checked);
  const named = items.findIndex((item) => `#${item.id}` === location.hash);
  const first = items.findIndex((_, n) => isOpen(n) && isShown(n));
  const start = [chosen, named, first].find((n) => n >= 0);
  if (start !== undefined && location.hash !== "#opinions") select(start);
  if (typed) find("reason").value = typed;
})();
