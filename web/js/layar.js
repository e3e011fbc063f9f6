// The board of a waiting room, the kiosk and what they print. It runs in the browsers of
// old televisions, so it keeps to old words and loads nothing else.
(function () {
  "use strict";
  var board = document.getElementById("papan");
  var once = document.querySelector("form[data-sekali]");
  var sheet = document.querySelector("[data-cetak]");

  // The kiosk's button works once; the page after it is the ticket.
  if (once) {
    once.addEventListener("submit", function (e) {
      if (once.getAttribute("data-sent")) e.preventDefault();
      once.setAttribute("data-sent", "1");
    });
    addEventListener("pageshow", function (e) { if (e.persisted) location.reload(); });
  }

  if (sheet) {
    var again = document.getElementById("cetak"), back = sheet.getAttribute("data-kembali");
    again.hidden = false;
    again.addEventListener("click", function () { print(); });
    addEventListener("load", function () {
      setTimeout(function () { print(); }, 200);
      if (back) setTimeout(function () { location.replace(back); }, 8000);
    });
  }

  if (!board) return;

  // ---- The picture ----
  var path = board.getAttribute("data-alamat"), version = board.getAttribute("data-versi");
  var status = document.getElementById("status"), clock = document.getElementById("jam");
  var ahead = Number(clock.getAttribute("data-kini")) - Date.now(); // the television's clock may be wrong
  var fresh = Date.now(), last = -1, stream;

  function show(frame) {
    if (frame.versi !== version) return location.reload();
    fresh = Date.now();
    ahead = frame.kini - fresh;
    if (board.innerHTML !== frame.html) board.innerHTML = frame.html;
    fit();
    var first = last < 0;
    frame.panggilan.forEach(function (call) {
      if (call.id <= last) return;
      last = call.id;
      if (!first && call.umur < 60) say(call);
    });
    if (first && last < 0) last = 0;
    tick();
  }

  // Nobody scrolls a television: what is too much is written smaller.
  function fit() {
    var share = 100, page = document.documentElement, style = document.body.style;
    style.fontSize = "";
    while (innerWidth >= 900 && page.scrollHeight > innerHeight && share > 40) {
      share -= 5;
      style.fontSize = "calc((10px + 0.9vw) * " + share / 100 + ")";
    }
  }
  addEventListener("resize", fit);

  function look() {
    var ask = new XMLHttpRequest();
    ask.open("GET", path + "/isi");
    ask.timeout = 10000;
    ask.onload = function () {
      if (ask.status === 200) show(JSON.parse(ask.responseText));
      else if (ask.status === 404) location.reload(); // the address was renewed
    };
    ask.send();
  }

  // A stream that broke is opened again by the browser; one that gave up, by us.
  function listen() {
    if (!window.EventSource) return;
    if (stream && stream.readyState !== 2) return;
    stream = new EventSource(path + "/perubahan");
    stream.onmessage = function (e) { show(JSON.parse(e.data)); };
  }

  function two(n) { return (n < 10 ? "0" : "") + n; }
  function tick() {
    var now = new Date(Date.now() + ahead + 8 * 36e5); // WITA
    clock.textContent = two(now.getUTCHours()) + "." + two(now.getUTCMinutes());
    var stale = Date.now() - fresh > 40000;
    document.body.className = stale ? "layar basi" : "layar";
    status.textContent = stale ? "Sambungan terputus. Menyambung lagi …" : "";
  }
  setInterval(tick, 1000);
  setInterval(function () { look(); listen(); }, 15000);
  addEventListener("online", function () { look(); listen(); });
  listen();
  look();

  // ---- The voice ----
  var button = document.getElementById("suara"), queue = [], speaking = false, on = false;
  var player = new Audio();

  function muted(yes) {
    on = !yes;
    button.hidden = !yes;
    board.setAttribute("data-suara", on ? "hidup" : "mati");
  }
  button.addEventListener("click", function () {
    player.src = board.getAttribute("data-coba") || "/static/suara/nomor-antrean.mp3";
    var started = player.play(); // the tap allows what follows
    muted(false);
    if (started && started.catch) started.catch(function () { muted(true); });
  });

  function say(call) {
    if (!on) return;
    queue.push(call.kata);
    if (queue.length > 12) queue.shift();
    if (!speaking) speak();
  }

  function speak() {
    var words = queue.shift(), i = 0, wait;
    speaking = Boolean(words);
    if (!words) return;
    function next() {
      clearTimeout(wait);
      if (i >= words.length) { player.onended = player.onerror = null; wait = setTimeout(speak, 700); return; }
      player.src = words[i++];
      player.onended = player.onerror = next;
      wait = setTimeout(next, 4000); // a clip that never ends
      var started = player.play();
      if (started && started.catch) started.catch(function (e) { if (e.name === "NotAllowedError") { clearTimeout(wait); queue = []; speaking = false; muted(true); } });
    }
    next();
  }
  muted(true);
})();
