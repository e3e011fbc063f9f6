// "Beri tahu lewat ponsel ini": this browser follows by web push. What it follows the portal
// says; the browser keeps only its subscription.
const box = document.querySelector("[data-kabar]");
const part = box?.querySelector("[data-kabar-isi]");
// show hides or shows a part of the section by its name.
const show = (name, on) => { box.querySelector(`[data-kabar-${name}]`).hidden = !on; };

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const subscribed = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();

// subscribe is what the browser is reached by. One made under another key of the portal is of no use.
async function subscribe() {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.kabar) };
  try {
    return await pushManager.subscribe(options);
  } catch (e) {
    const old = await pushManager.getSubscription();
    if (!old) throw e;
    await old.unsubscribe();
    return pushManager.subscribe(options);
  }
}

async function ask(path, subscription, more = {}) {
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ endpoint, ...keys, hal: box.dataset.hal, dari: box.dataset.dari, ...more });
  const answer = await fetch("/mtr/ikuti/ponsel" + path, { method: "POST", body });
  if (!answer.ok && answer.status !== 422 && answer.status !== 429) throw new Error(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = part.contains(document.activeElement);
  part.replaceChildren(...fresh.body.childNodes);
  if (focused) part.querySelector("button").focus();
}

async function press(button) {
  show("gagal", false);
  button.setAttribute("aria-busy", "true");
  try {
    if (button.dataset.aksi === "ikuti") await ask("", await subscribe(), { seberapa: button.dataset.seberapa });
    else {
      const { ikutan } = button.dataset, subscription = await subscribed();
      await ask("/berhenti", subscription, ikutan ? { ikutan } : {});
      if (!part.querySelector("[data-ikutan]")) await subscription.unsubscribe();
    }
  } catch {
    button.removeAttribute("aria-busy");
    show("gagal", Notification.permission !== "denied");
  }
  allowed();
}

// Where the reader has forbidden notifications, a button would be of no use.
function allowed() {
  const denied = Notification.permission === "denied";
  show("isi", !denied);
  show("diblokir", denied);
}

if (box && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  box.hidden = false;
  box.addEventListener("click", (e) => {
    const button = e.target.closest("[data-aksi]");
    if (button && !button.hasAttribute("aria-busy")) press(button);
  });
  allowed();
  subscribed().then((s) => s && ask("/daftar", s)).catch(() => {});
}
