// Drives the npm client "open311", unchanged, through everything it can do:
// node client.js DISCOVERY_URL API_KEY. Prints what it got as one JSON object.
const Open311 = require('open311');

const [, , discovery, apiKey] = process.argv;
const client = new Open311({ discovery, apiKey, jurisdiction: 'makassarkota.go.id' });
const call = (method, ...args) => new Promise((resolve, reject) => {
  client[method](...args, (err, data) => (err ? reject(new Error(`${method}: ${data}`)) : resolve(data)));
});

(async () => {
  const out = { discovery: await call('serviceDiscovery', { cache: true }), endpoint: client.endpoint };
  out.services = await call('serviceList');
  out.definition = await call('serviceDefinition', 'LAMPU');
  out.sent = await call('submitRequest', {
    service_code: 'LAMPU', lat: -5.1357, long: 119.4131, description: 'Lampu jalan di depan pasar mati sejak Senin',
    attributes: { kabel: 'tidak', jumlah: 'satu' },
  });
  out.one = await call('serviceRequests', out.sent[0].service_request_id);
  out.several = await call('serviceRequests', [out.sent[0].service_request_id, 'MTR-26-999999'], {});
  out.open = await call('serviceRequests', { status: 'open', page_size: 5 });
  process.stdout.write(JSON.stringify(out));
})().catch((err) => { console.error(err); process.exit(1); });
