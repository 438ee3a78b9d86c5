import { expect, it } from 'vitest';
import { type Answer, startRecordingServer } from '../../../fixtures/services/recording-server.ts';
import { azureStore } from './azure-store.ts';

/** As many as this service gives at a time; the real one 5000. */
const PAGE = 3;

const blob = (at: number) =>
  `<Blob><Name>t/a${at}.log</Name><Properties/><Metadata><altssize>1</altssize><altssha256>ab</altssha256></Metadata></Blob>`;
const page = (from: number, to: number, next: string) =>
  `<?xml version="1.0"?><EnumerationResults ContainerName="alts"><Blobs>${Array.from({ length: to - from }, (_, at) => blob(from + at)).join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;

it('goes on behind the first page, and removes what is there, too', async () => {
  const answer: Answer = ({ method, url }, response) => {
    if (method === 'DELETE') response.writeHead(202).end();
    else
      response
        .setHeader('content-type', 'application/xml')
        .end(url.searchParams.has('marker') ? page(PAGE, PAGE + 1, '') : page(0, PAGE, 'more'));
  };
  await using server = await startRecordingServer(answer);
  const store = azureStore({ container: 'alts', accountUrl: `${server.url}/a?sv=1&sig=x` });
  const listed = await Array.fromAsync(store.list('t'));
  expect([listed.length, listed.at(-1)]).toEqual([PAGE + 1, { name: `a${PAGE}.log`, size: 1, sha256: 'ab' }]);
  await store.remove?.('t');
  const removed = server.heard.filter(({ method }) => method === 'DELETE').map(({ url }) => url.pathname);
  expect([removed[0], removed.at(-1), removed.length]).toEqual([
    '/a/alts/t/report.json',
    `/a/alts/t/a${PAGE}.log`,
    PAGE + 2,
  ]);
});
