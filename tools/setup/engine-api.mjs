import http from 'node:http';
import https from 'node:https';
import { engineAddresses } from './engine-address.mjs';

const KEPT = 1024 * 1024;

/**
 * One call of the Docker Engine API: no `docker` program is needed. `silenceMs` is how long the engine may say nothing.
 * Resolves to `{ status, body }`, of the body the last MiB; rejects when there is no answer.
 */
export function call(address, method, path, { silenceMs = 10_000 } = {}) {
  return new Promise((resolve, reject) => {
    const where = address.socketPath
      ? { socketPath: address.socketPath }
      : { host: address.hostname, port: address.port, ...address.tls };
    const request = (address.tls ? https : http).request({ ...where, method, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body = (body + text).slice(-KEPT);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.setTimeout(silenceMs, () => request.destroy(new Error(`no answer within ${silenceMs / 1000} s`)));
    request.on('error', reject);
    request.end();
  });
}

/**
 * Looks for an engine that answers: `{ address, version }`, or `{ denied }` with a socket that we may not open, or
 * `{ chosen, tried }` with what was tried and what became of it.
 */
export async function findEngine() {
  const { chosen, addresses } = await engineAddresses();
  const tried = [];
  let denied;
  for (const address of addresses) {
    try {
      const { status, body } = await call(address, 'GET', '/version');
      if (status === 200) return { address, version: JSON.parse(body).Version };
      tried.push(`${address.host}: HTTP ${status}`);
    } catch (error) {
      if (error.code === 'EACCES') denied ??= address.socketPath;
      tried.push(`${address.host}: ${error.message}`);
    }
  }
  return { chosen, denied, tried };
}
