import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of this machine whose answer can be changed; it goes with the test. */
export interface ExclusionServer {
  readonly url: string;
  readonly requests: { readonly url: string; readonly tag: string | undefined }[];
  answer: RequestListener;
  stop(): Promise<void>;
}

export async function serveExclusions(answer: RequestListener): Promise<ExclusionServer> {
  const requests: ExclusionServer['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', tag: request.headers['if-none-match'] });
    served.answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/skipped_tests.json`;
  const served: ExclusionServer = { url, requests, answer, stop };
  return served;
}

/** Answers with a document and its tag, or that it is still the same. */
export function tagged(text: string, etag: string): RequestListener {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(text);
  };
}
