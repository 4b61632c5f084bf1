// What the page does by itself: the journal goes on, and a command is copied. Without it, everything still works.

const COUNT_EVERY_MS = 10_000;

class LiveJournal {
  constructor(table) {
    this.table = table;
    this.list = table.querySelector("[data-list]");
    this.row = document.querySelector("template[data-row]");
    this.gap = document.querySelector("template[data-gap]");
    this.bar = document.querySelector("[data-live]");
    this.most = Number(table.dataset.rows);
    this.address = new URL(table.dataset.events, location.href);
    this.last = Number(this.address.searchParams.get("since"));
    this.waiting = []; // told, but not shown yet: at most as many as the table holds
    this.skipped = 0;
    this.unspoken = 0;
    this.isPaused = false;
    this.frame = 0;
  }

  begin() {
    this.bar.hidden = false;
    this.bar.querySelector("[data-pause]").addEventListener("click", (event) => this.pause(event.target));
    document.addEventListener("visibilitychange", () => this.follow());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.follow());
    setInterval(() => this.speak(), COUNT_EVERY_MS);
    this.follow();
  }

  pause(button) {
    this.isPaused = !this.isPaused;
    button.textContent = this.isPaused ? "Go on" : "Pause";
    this.follow();
  }

  // One stream at most, and none while nobody looks.
  follow() {
    const isWanted = !this.isPaused && !document.hidden;
    if (isWanted && !this.source) this.open();
    if (!isWanted) this.leave();
    if (this.isPaused) this.say("Paused", "paused");
  }

  open() {
    this.address.searchParams.set("since", this.last);
    this.source = new EventSource(this.address);
    this.source.addEventListener("open", () => this.say("Live", ""));
    this.source.addEventListener("exchange", (event) => this.take(JSON.parse(event.data)));
    this.source.addEventListener("skipped", (event) => this.skip(JSON.parse(event.data).count));
    this.source.addEventListener("error", () => this.lost());
  }

  leave() {
    this.source?.close();
    this.source = undefined;
  }

  lost() {
    const isOver = this.source?.readyState === EventSource.CLOSED;
    this.say(isOver ? "The stream has ended; load the page again" : "Connecting again …", "broken");
    if (isOver) this.leave();
  }

  say(text, kind) {
    const place = this.bar.querySelector("[data-state]");
    if (place.textContent !== text) place.textContent = text;
    this.bar.className = `live ${kind}`;
  }

  take(entry) {
    if (entry.number <= this.last) this.startAnew(); // the mock was started again
    this.last = entry.number;
    this.waiting.push(entry);
    if (this.waiting.length > this.most) {
      this.waiting.shift();
      this.skipped += 1;
    }
    this.plan();
  }

  skip(count) {
    this.skipped += count;
    this.plan();
  }

  startAnew() {
    this.list.replaceChildren();
    this.table.querySelector("[data-total]").textContent = 0;
    this.waiting = [];
    this.skipped = 0;
  }

  plan() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const fresh = document.createDocumentFragment();
    for (const entry of this.waiting.reverse()) fresh.append(this.written(entry));
    if (this.skipped) fresh.append(this.gapOf(this.skipped));
    const count = this.waiting.length + this.skipped;
    this.waiting = [];
    this.skipped = 0;
    this.list.querySelector("[data-empty]")?.remove();
    this.list.prepend(fresh);
    while (this.list.rows.length > this.most) this.list.lastElementChild.remove();
    const total = this.table.querySelector("[data-total]");
    total.textContent = Number(total.textContent) + count;
    this.unspoken += count;
  }

  written(entry) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    const [number, time, request, status, verdict, why, ms, session] = row.cells;
    const query = this.table.dataset.query;
    const link = number.firstElementChild;
    link.href = this.table.dataset.entry + entry.number + (query ? `?${query}` : "");
    link.textContent = entry.number;
    link.ariaLabel = `Request ${entry.number}`;
    time.firstElementChild.dateTime = entry.at;
    time.firstElementChild.textContent = entry.at.slice(11, 23);
    const [method, path] = request.firstElementChild.children;
    method.textContent = entry.method;
    method.classList.add(`m-${entry.method.toLowerCase()}`);
    path.textContent = entry.path + (entry.query ? `?${entry.query}` : "");
    request.lastElementChild.textContent = entry.operation ?? "";
    status.firstElementChild.textContent = entry.status || "none";
    status.firstElementChild.classList.add(`s${Math.floor(entry.status / 100) || 5}`);
    verdict.firstElementChild.textContent = entry.verdict;
    verdict.firstElementChild.classList.add(`v-${entry.verdict}`);
    why.textContent = entry.explain;
    ms.textContent = entry.milliseconds;
    session.textContent = entry.session;
    row.classList.add("fresh");
    return row;
  }

  gapOf(count) {
    const row = this.gap.content.firstElementChild.cloneNode(true);
    row.firstElementChild.textContent = `${count} more came too fast to be shown`;
    return row;
  }

  // For those who listen: how much has come, now and then, and never each row.
  speak() {
    if (!this.unspoken || document.hidden) return;
    document.querySelector("[data-count]").textContent = `${this.unspoken} more requests`;
    this.unspoken = 0;
  }
}

function offerCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = label), 2000);
    } catch {
      getSelection().selectAllChildren(source); // where the browser forbids it, the keyboard does the rest
      button.textContent = "Selected: copy it";
    }
  });
}

const journal = document.querySelector("table[data-events]");
if (journal) new LiveJournal(journal).begin();
for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
