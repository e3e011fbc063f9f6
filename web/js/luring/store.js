// What waits on this phone: one store, each item under its key. Items are never sent from
// memory: whoever changes one reads it in the same transaction, so that what was deleted
// meanwhile does not come back.
const database = () => new Promise((done, fail) => {
  const request = indexedDB.open("luring", 2);
  request.onupgradeneeded = () => {
    for (const name of ["kiriman", "tugas"]) {
      if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath: "key" });
    }
  };
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

async function run(mode, work, store = "kiriman") {
  const db = await database();
  try {
    return await new Promise((done, fail) => {
      const t = db.transaction(store, mode);
      const answer = work(t.objectStore(store));
      t.oncomplete = () => done(answer.result);
      t.onabort = t.onerror = () => fail(t.error);
    });
  } finally {
    db.close();
  }
}

const news = "BroadcastChannel" in self ? new BroadcastChannel("luring") : null;
const tell = () => { news?.postMessage(""); dispatchEvent(new Event("luring")); };

// heard calls f whenever something changes, here, in another tab or in the service worker.
export function heard(f) {
  news?.addEventListener("message", f);
  addEventListener("luring", f);
}

export const all = async () => (await run("readonly", (s) => s.getAll())).sort((a, b) => a.at - b.at);

export async function put(item) {
  await run("readwrite", (s) => s.put(item));
  tell();
}

export async function remove(key) {
  await run("readwrite", (s) => s.delete(key));
  tell();
}

// change lets f change an item that is still there; what f returns is kept, nothing when it
// returns nothing. It gives the item as kept.
export async function change(key, f) {
  let kept;
  await run("readwrite", (s) => {
    const request = s.get(key);
    request.onsuccess = () => {
      kept = request.result && f(request.result);
      if (kept) s.put(kept);
    };
    return request;
  });
  if (kept) tell();
  return kept;
}

// newKey names an item to the portal: 128 random bits in base64url.
export const newKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
  .replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);

// A field officer's tasks stay for a day, and not beyond a sign-out.
const day = 864e5;
export const take = (tasks) => run("readwrite", (s) => s.put({ ...tasks, key: "tugas", at: Date.now() }), "tugas");
export const leave = () => run("readwrite", (s) => s.clear(), "tugas");
export async function taken() {
  const tasks = await run("readonly", (s) => s.get("tugas"), "tugas");
  if (tasks && Date.now() - tasks.at < day) return tasks;
  if (tasks) await leave();
}
