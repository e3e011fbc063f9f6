// Makes a page's visitor ready for the day without network. Pages that this browser cannot
// keep, or does not want to, work as ever.
export const ready = () => navigator.serviceWorker?.register("/sw.js").catch(() => {});
