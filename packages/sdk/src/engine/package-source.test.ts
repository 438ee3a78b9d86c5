import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUrl } from './package-source.ts';

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a package at a URL', () => {
  it('is fetched with the credentials in the URL, which are not shown', async () => {
    const host = await serve((request, response) => {
      const right = request.headers.authorization === `Basic ${Buffer.from('joe:p@ss').toString('base64')}`;
      response.writeHead(right ? 200 : 401).end('content');
    });
    const file = await openUrl(`http://joe:p%40ss@${host}/pool/x_1.0_all.deb`);
    if ('reason' in file) throw new Error(file.message);
    expect(file).toMatchObject({ fileName: 'x_1.0_all.deb', origin: `http://***@${host}/pool/x_1.0_all.deb` });
    expect(Buffer.concat(await Array.fromAsync(file.content)).toString()).toBe('content');
  });

  it('fails when the server has none: that is not the infrastructure', async () => {
    const host = await serve((_, response) => response.writeHead(404).end());
    expect(await openUrl(`http://${host}/x.deb`)).toMatchObject({ reason: 'package_not_found' });
  });

  it('is tried again when the server has a fault that may pass', async () => {
    let asked = 0;
    const host = await serve((_, response) => {
      asked += 1;
      response.writeHead(asked < 3 ? 503 : 200).end('x');
    });
    expect(await openUrl(`http://${host}/x.deb`)).toMatchObject({ fileName: 'x.deb' });
  });

  it('is an error of the infrastructure when nobody answers', async () => {
    await expect(openUrl('http://127.0.0.1:1/x.deb')).rejects.toMatchObject({
      code: 'repository_unavailable',
      message: expect.stringMatching(/cannot fetch http:\/\/127\.0\.0\.1:1\/x\.deb: .+/),
    });
  });

  it('stops when the test is cancelled', async () => {
    const host = await serve(() => {});
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openUrl(`http://${host}/x.deb`, { signal })).rejects.toThrow('enough');
  });
});
