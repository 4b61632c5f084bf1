/* The server that samples name: one of those listed below them, chosen once for all pages of a contract. */
(function () {
  "use strict";
  var look = window.understudyLook, words = window.understudyWords;
  var key = "server-" + document.documentElement.dataset.book, boxes = [], count = 0, now = {};
  var inShell = function (text) { return text.replace(/'/g, "'\\''"); };
  var inString = function (text) { return JSON.stringify(text).slice(1, -1); };

  function keep(name, value) { now[name] = value; look.keep(name, value); }
  function kept(name) { return Object.hasOwn(now, name) ? now[name] : look.kept(name); }

  function build(list) {
    var items = Array.from(list.querySelectorAll(":scope > .server"));
    var box = { around: list.closest(".samples"), list: list, items: items, values: items.map(variablesOf) };
    box.pieces = Array.from(box.around.querySelectorAll("[data-piece], [data-rest]")).map(function (element) {
      return { element: element, mock: element.textContent, escape: element.closest(".panel").dataset.name === "bash" ? inShell : inString };
    });
    box.select = look.make("select", {}, items.map(optionOf));
    box.select.addEventListener("change", function () { choose(box.select.selectedIndex, box); });
    box.inputs = look.make("div", { className: "server-values" });
    box.chooser = look.make("div", { className: "server-chooser" }, [labelled(words.server, box.select), box.inputs]);
    list.before(box.chooser);
    boxes.push(box);
    show(box, wanted(box));
  }

  function optionOf(item) {
    var name = item.querySelector(".server-name"), option = look.make("option", { textContent: name.textContent });
    if (name.lang) option.lang = name.lang;
    return option;
  }

  function labelled(text, control) {
    control.id = "pick-server-" + (count += 1);
    return look.make("span", { className: "labelled" }, [look.make("label", { textContent: text, htmlFor: control.id }), control]);
  }

  function variablesOf(item) { return JSON.parse(item.dataset.variables || "{}"); }

  /* The server that was chosen; where a page has not got it, one of the same name, else the first that is no mock. */
  function wanted(box) {
    var last = (kept(key) || "").split("\n");
    if (!last[0]) return 0;
    var same = box.items.findIndex(function (item) { return item.dataset.url === last[0]; });
    var alike = box.items.findIndex(function (item) { return item.querySelector(".server-name").textContent === last[1]; });
    return same >= 0 ? same : alike > 0 ? alike : 1;
  }

  function choose(index, box) {
    var item = box.items[index];
    keep(key, index ? item.dataset.url + "\n" + item.querySelector(".server-name").textContent : "");
    boxes.forEach(function (one) { show(one, one === box ? index : wanted(one)); });
  }

  function show(box, index) {
    box.select.selectedIndex = index;
    box.items.forEach(function (item, at) { item.hidden = at !== index; });
    box.inputs.replaceChildren.apply(box.inputs, Object.keys(box.values[index]).map(function (name) { return control(box, index, name); }));
    fill(box);
  }

  /* A variable that has an enum is chosen, any other typed. */
  function control(box, index, name) {
    var values = box.values[index][name], value = valueOf(name, values);
    var made = values.length > 1
      ? look.make("select", {}, values.map(function (one) { return look.make("option", { textContent: one, value: one, selected: one === value }); }))
      : look.make("input", { value: value, spellcheck: false, autocomplete: "off", autocapitalize: "off" });
    made.addEventListener(values.length > 1 ? "change" : "input", function () { keep(key + "-" + name, made.value); boxes.forEach(fill); });
    return labelled(name, made);
  }

  function valueOf(name, values) {
    var value = kept(key + "-" + name);
    return value && (values.length === 1 || values.includes(value)) ? value : values[0];
  }

  function addressOf(box, index) {
    return box.items[index].dataset.url.replace(/\{([^{}]*)\}/g, function (whole, name) {
      return Object.hasOwn(box.values[index], name) ? valueOf(name, box.values[index][name]) : whole;
    }).replace(/\/+$/, "");
  }

  function fill(box) {
    var index = box.select.selectedIndex, address = index ? addressOf(box, index) : "";
    box.pieces.forEach(function (piece) {
      var instead = piece.element.dataset.piece;
      piece.element.textContent = !index ? piece.mock : instead === undefined ? "" : piece.escape(instead || address);
      piece.element.classList.toggle("instead", Boolean(index && instead));
    });
    if (index) box.items[index].querySelector("code").textContent = address;
    box.around.querySelectorAll("pre").forEach(function (pre) { if (pre.seeSize) pre.seeSize(); });
  }

  document.querySelectorAll(".samples > .servers").forEach(build);
})();
