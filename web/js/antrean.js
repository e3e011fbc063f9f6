// The ticket says so when it may be out of date, and asks again by itself.
const stale = document.querySelector("[data-stale]");
const part = document.querySelector("[data-live]");
if (stale && part) {
  const say = (old) => { stale.hidden = !old; };
  // Beside the stream: a proxy that swallows it must not leave an old number standing.
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      say(false);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
    } catch {
      say(true);
    }
  }, 60000);
  addEventListener("offline", () => say(true));
  addEventListener("online", () => say(false));
}
